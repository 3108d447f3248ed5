#define _GNU_SOURCE
#include "Loops.h"

#include <sched.h>

uint64_t ct_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

void ct_raise(int *flag) { __atomic_store_n(flag, 1, __ATOMIC_RELAXED); }

int ct_is_raised(const int *flag) { return is_raised(flag); }

void ct_sleep(uint64_t until, const int *stop) {
  // Short naps, so that a raised flag is seen soon.
  for (uint64_t now = ct_now(); now < until && !is_raised(stop); now = ct_now()) {
    uint64_t wake = until - now > SECOND / 20 ? now + SECOND / 20 : until;
    struct timespec time = {.tv_sec = (time_t)(wake / SECOND), .tv_nsec = (long)(wake % SECOND)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
  }
}

int ct_stay(int last) {
  cpu_set_t allowed, one;
  if (sched_getaffinity(0, sizeof allowed, &allowed) < 0) return -1;
  int chosen = -1;
  for (int number = 0; number < CPU_SETSIZE && (last || chosen < 0); number++)
    if (CPU_ISSET(number, &allowed)) chosen = number;
  CPU_ZERO(&one);
  CPU_SET(chosen, &one);
  return sched_setaffinity(0, sizeof one, &one);
}
