#pragma once
#include "CTraffic.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND 1000000000ULL
#define BATCH 64

/// What the payload of a numbered datagram begins with; host byte order, for it never leaves the machine's hands.
struct mark {
  uint64_t flow, number;
};

static inline int is_raised(const int *flag) { return flag && __atomic_load_n(flag, __ATOMIC_RELAXED); }

/// A timeout or a signal; the loop looks at its clock and goes on.
static inline int is_pause(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// The path is not there, or what is sent meets no socket: for a datagram that is a loss, not an end.
static inline int is_refusal(int error) {
  return error == ENOBUFS || error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == EPERM || error == ENETDOWN || error == EHOSTDOWN;
}
