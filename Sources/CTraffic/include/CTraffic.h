#pragma once
#include <stddef.h>
#include <stdint.h>

// Loops that send and receive test traffic over sockets that the caller made. Each ends at a moment of
// CLOCK_MONOTONIC (ns) at the latest, and soon after `*stop` becomes 1; sockets need a receive and send timeout.
// All return -1 with errno where the socket fails. Thread-safe: no shared state but what the caller passes.

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t ct_now(void);
/// Raises a flag that a loop in another thread polls.
void ct_raise(int *flag);
int ct_is_raised(const int *flag);
/// Sleeps until a moment; returns early once the flag is raised.
void ct_sleep(uint64_t until, const int *stop);

/// Keeps the calling thread on the first (0) or the last (1) processor that it may use.
int ct_stay(int last);

/// `accept4(2)` with SOCK_CLOEXEC, which Swift does not see.
int ct_accept(int socket);
/// Sends as much as a connected stream takes.
int ct_send_stream(int socket, uint64_t until, const int *stop);
/// Receives from a stream until a moment or its end; adds what arrives in [from, until) to the step of `bin` ns in
/// which it does, of `bin_count` steps.
int ct_receive_stream(int socket, uint64_t from, uint64_t until, const int *stop, uint64_t bin, uint64_t *bins,
                      size_t bin_count);

/// Sends every datagram back to where it came from. Busy: polls without sleeping.
int ct_echo(int socket, int busy, uint64_t until, const int *stop);

/// Round trips one after the other over a connected datagram socket, or a raw ICMP socket.
struct ct_pings {
  int socket;
  /// 0: any datagram is echoed; 4 or 6: ICMP echo over a raw socket of that version.
  int icmp;
  int busy;
  /// Octets of payload, 16 ... 1400.
  unsigned payload;
  uint64_t count, until;
  const int *stop;
  /// Room for `count` times in ns; how many were taken; how many were not answered within 250 ms.
  uint64_t *times;
  uint64_t taken, lost;
};
int ct_ping(struct ct_pings *pings);

/// A flow of numbered datagrams over a connected socket.
struct ct_sender {
  int socket;
  /// Octets of payload, 16 ... 65507.
  unsigned payload;
  /// Tells the datagrams of this flow from others.
  uint64_t flow;
  uint64_t begin, until;
  /// ns between two datagrams; 0: as fast as the socket takes them.
  double interval;
  /// ns to sleep at least between two bursts.
  uint64_t tick;
  const int *stop;
  /// Taken by the kernel, and refused by it (no room, no route).
  uint64_t sent, refused;
  /// When the last datagram was sent.
  uint64_t last;
};
int ct_send_flow(struct ct_sender *sender);

/// What arrives of a flow. Ends at the first 100 ms of silence once the flag is raised.
struct ct_receiver {
  int socket;
  unsigned payload;
  uint64_t flow;
  uint64_t until;
  const int *stop;
  /// Where not null: datagrams that arrived in each `bin` ns after `begin`; later ones are left out.
  uint64_t begin, bin;
  uint64_t *bins;
  size_t bin_count;
  uint64_t received, misordered;
  /// When the first and the last datagram arrived.
  uint64_t first, last;
};
int ct_receive_flow(struct ct_receiver *receiver);

/// Up to `room` numbers of a flow's datagrams with their times of arrival; waits for the first as long as the
/// socket's timeout says. Returns how many, 0 after silence.
int ct_receive_numbers(int socket, uint64_t flow, uint64_t *numbers, uint64_t *times, int room);
