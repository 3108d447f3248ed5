#pragma once
#include <systemd/sd-daemon.h>

/* Whether a descriptor is a listening stream socket of a family (sd_is_socket(3)). In C, as Swift does not find
   SOCK_STREAM in a file that imports this module: both it and Glibc declare it. */
static inline int virtcloud_is_listener(int descriptor, int family) {
  return sd_is_socket(descriptor, family, SOCK_STREAM, 1);
}
