#define _GNU_SOURCE
#include "Loops.h"

#include <stdlib.h>
#include <sys/prctl.h>

struct batch {
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  uint8_t *payloads;
};

static int prepare(struct batch *batch, const struct ct_sender *sender) {
  memset(batch, 0, sizeof *batch);
  if (sender->payload < sizeof(struct mark) || sender->payload > 65507) {
    errno = EINVAL;
    return -1;
  }
  batch->payloads = calloc(BATCH, sender->payload);
  if (!batch->payloads) return -1;
  for (int i = 0; i < BATCH; i++) {
    batch->parts[i] = (struct iovec){batch->payloads + (size_t)i * sender->payload, sender->payload};
    batch->messages[i].msg_hdr = (struct msghdr){.msg_iov = &batch->parts[i], .msg_iovlen = 1};
  }
  return 0;
}

/// Sends up to `count` datagrams numbered from `number`; returns how many are dealt with, or -1.
static int send_batch(struct batch *batch, struct ct_sender *sender, uint64_t number, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    struct mark mark = {sender->flow, number + i};
    memcpy(batch->parts[i].iov_base, &mark, sizeof mark);
  }
  // A paced flow does not wait for room: what there is no room for is its loss.
  int taken = sendmmsg(sender->socket, batch->messages, count, sender->interval > 0 ? MSG_DONTWAIT : 0);
  if (taken > 0) {
    sender->sent += (uint64_t)taken;
    return taken;
  }
  if (errno == EINTR) return 0;
  if (sender->interval <= 0 && is_pause(errno)) return 0;
  if (!is_pause(errno) && !is_refusal(errno)) return -1;
  sender->refused++;
  return 1;
}

/// How many datagrams are to be sent by `now`.
static uint64_t due(const struct ct_sender *sender, uint64_t now) {
  if (sender->interval <= 0) return UINT64_MAX;
  uint64_t at = now < sender->until ? now : sender->until - 1;
  return (uint64_t)((double)(at - sender->begin) / sender->interval) + 1;
}

static int run(struct batch *batch, struct ct_sender *sender) {
  uint64_t number = 0;
  while (!is_raised(sender->stop)) {
    uint64_t now = ct_now(), wanted = due(sender, now), behind = wanted - number;
    // The last of a paced flow are sent though their time is over, unless it could not keep up.
    if (now >= sender->until && (!behind || behind > 16 * BATCH || sender->interval <= 0)) break;
    if (behind) {
      int done = send_batch(batch, sender, number, behind < BATCH ? (unsigned)behind : BATCH);
      if (done < 0) return -1;
      number += (uint64_t)done;
      sender->last = now;
      continue;
    }
    uint64_t next = sender->begin + (uint64_t)((double)number * sender->interval);
    uint64_t wake = next > now + sender->tick ? next : now + sender->tick;
    ct_sleep(wake < sender->until ? wake : sender->until, sender->stop);
  }
  return 0;
}

int ct_send_flow(struct ct_sender *sender) {
  struct batch batch;
  sender->sent = sender->refused = 0;
  sender->last = sender->begin;
  if (prepare(&batch, sender) < 0) return -1;
  prctl(PR_SET_TIMERSLACK, 1UL);
  ct_sleep(sender->begin, sender->stop);
  int result = run(&batch, sender), error = errno;
  free(batch.payloads);
  errno = error;
  return result;
}
