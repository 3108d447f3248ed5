#define _GNU_SOURCE
#include "Loops.h"

#include <stdlib.h>

struct batch {
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  uint8_t *payloads;
};

static int prepare(struct batch *batch, size_t room) {
  memset(batch, 0, sizeof *batch);
  batch->payloads = malloc(BATCH * room);
  if (!batch->payloads) return -1;
  for (int i = 0; i < BATCH; i++) {
    batch->parts[i] = (struct iovec){batch->payloads + (size_t)i * room, room};
    batch->messages[i].msg_hdr = (struct msghdr){.msg_iov = &batch->parts[i], .msg_iovlen = 1};
  }
  return 0;
}

/// The datagram's mark, or 0 where it is of another flow.
static int read_mark(const struct mmsghdr *message, uint64_t flow, struct mark *mark) {
  if (message->msg_len < sizeof *mark) return 0;
  memcpy(mark, message->msg_hdr.msg_iov->iov_base, sizeof *mark);
  return mark->flow == flow;
}

static void count(struct ct_receiver *receiver, const struct batch *batch, int messages, uint64_t now,
                  uint64_t *next) {
  uint64_t counted = 0;
  for (int i = 0; i < messages; i++) {
    struct mark mark;
    if (!read_mark(&batch->messages[i], receiver->flow, &mark)) continue;
    counted++;
    if (mark.number < *next) receiver->misordered++;
    else *next = mark.number + 1;
  }
  if (!counted) return;
  if (!receiver->received) receiver->first = now;
  receiver->last = now;
  receiver->received += counted;
  if (receiver->bins && receiver->bin && now >= receiver->begin) {
    uint64_t index = (now - receiver->begin) / receiver->bin;
    if (index < receiver->bin_count) receiver->bins[index] += counted;
  }
}

int ct_receive_flow(struct ct_receiver *receiver) {
  struct batch batch;
  uint64_t next = 0;
  receiver->received = receiver->misordered = receiver->first = receiver->last = 0;
  if (prepare(&batch, receiver->payload) < 0) return -1;
  int result = 0, error = 0;
  for (;;) {
    int messages = recvmmsg(receiver->socket, batch.messages, BATCH, MSG_WAITFORONE, NULL);
    error = errno;
    uint64_t now = ct_now();
    if (messages > 0) count(receiver, &batch, messages, now, &next);
    if (now >= receiver->until) break;
    if (messages >= 0 || error == EINTR || is_refusal(error)) continue;
    if (!is_pause(error)) {
      result = -1;
      break;
    }
    if (is_raised(receiver->stop)) break;
  }
  free(batch.payloads);
  errno = error;
  return result;
}

int ct_receive_numbers(int socket, uint64_t flow, uint64_t *numbers, uint64_t *times, int room) {
  uint8_t payloads[BATCH][sizeof(struct mark)];
  struct iovec parts[BATCH];
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){payloads[i], sizeof payloads[i]};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
  }
  int got = recvmmsg(socket, messages, room < BATCH ? (unsigned)room : BATCH, MSG_WAITFORONE, NULL);
  if (got < 0) return is_pause(errno) || is_refusal(errno) ? 0 : -1;
  uint64_t now = ct_now();
  int taken = 0;
  for (int i = 0; i < got; i++) {
    struct mark mark;
    if (!read_mark(&messages[i], flow, &mark)) continue;
    numbers[taken] = mark.number;
    times[taken++] = now;
  }
  return taken;
}
