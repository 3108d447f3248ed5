#pragma once
int vc_dummy(void);
