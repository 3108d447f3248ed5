#include "CLinux.h"
int vc_dummy(void) { return 0; }
