#define _GNU_SOURCE
#include "Loops.h"

#include <stdlib.h>

// What iperf3 reads and writes at once.
#define CHUNK (128 << 10)

int ct_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_CLOEXEC); }

int ct_send_stream(int socket, uint64_t until, const int *stop) {
  char *chunk = calloc(1, CHUNK);
  if (!chunk) return -1;
  int result = 0;
  while (ct_now() < until && !is_raised(stop)) {
    if (send(socket, chunk, CHUNK, MSG_NOSIGNAL) >= 0 || is_pause(errno)) continue;
    // The receiver closes first where its clock runs out first.
    result = errno == EPIPE || errno == ECONNRESET ? 0 : -1;
    break;
  }
  int error = errno;
  free(chunk);
  errno = error;
  return result;
}

int ct_receive_stream(int socket, uint64_t from, uint64_t until, const int *stop, uint64_t bin, uint64_t *bins,
                      size_t bin_count) {
  char *chunk = malloc(CHUNK);
  if (!chunk) return -1;
  int result = 0;
  while (!is_raised(stop)) {
    ssize_t count = recv(socket, chunk, CHUNK, 0);
    int error = errno;
    uint64_t now = ct_now();
    if (now >= until) break;
    if (count > 0 && now >= from && (now - from) / bin < bin_count) bins[(now - from) / bin] += (uint64_t)count;
    if (count == 0 || (count < 0 && error == ECONNRESET)) break;
    if (count < 0 && !is_pause(error)) {
      result = -1;
      errno = error;
      break;
    }
  }
  int error = errno;
  free(chunk);
  errno = error;
  return result;
}
