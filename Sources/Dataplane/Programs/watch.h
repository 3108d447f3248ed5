// Tells somebody who watches what becomes of frames that they chose.
#pragma once
#include "tables.h"
#include "vxlan.h"

// Which frames; nobody watches once `until` has passed, so a watcher that died costs nothing for long.
struct watching {
  __u64 until;    // ns of CLOCK_MONOTONIC
  __u64 station;  // source or destination, as `struct port` has it; zero is any
  __u64 other;    // the other of the two; zero is any
  __u32 type;     // EtherType in network byte order; zero is any
  __u32 zero;
};

struct step {
  __u64 time;
  __u64 to;
  __u64 from;
  __u32 port;
  __u32 hook;
  __u32 verdict;
  __u32 reason;  // of a drop; REASONS where nobody gave one
  __u32 length;
  __u32 type;
};

enum hook { HOOK_GUARD, HOOK_TAG, HOOK_UNTAG, HOOK_FORWARD };

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct watching);
} watched SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 14);
} steps SEC(".maps");

// Looks at a frame before anything is done to it; false where nobody wants to know of it.
static __always_inline int is_watched(struct __sk_buff *skb, __u32 hook, struct step *step) {
  __u32 zero = 0;
  struct watching *wanted = bpf_map_lookup_elem(&watched, &zero);
  if (!wanted || !wanted->until || bpf_ktime_get_coarse_ns() > wanted->until) return 0;
  struct envelope envelope;
  struct ethhdr frame;
  __u32 at = hook != HOOK_GUARD && !skb->vlan_present && !read_envelope(skb, &envelope) ? ENVELOPE : 0;
  if (bpf_skb_load_bytes(skb, at, &frame, sizeof frame)) return 0;
  __u64 to = wire_order(frame.h_dest), from = wire_order(frame.h_source);
  if (wanted->station && wanted->station != to && wanted->station != from) return 0;
  if (wanted->other && wanted->other != to && wanted->other != from) return 0;
  if (wanted->type && wanted->type != frame.h_proto) return 0;
  __u32 *reason = bpf_map_lookup_elem(&last_reason, &zero);
  if (reason) *reason = REASONS;
  *step = (struct step){.time = bpf_ktime_get_ns(), .to = to, .from = from, .port = skb->ifindex, .hook = hook,
                        .length = skb->len - at, .type = frame.h_proto};
  return 1;
}

static __always_inline int tell(struct step *step, int verdict) {
  __u32 zero = 0, *reason = bpf_map_lookup_elem(&last_reason, &zero);
  step->verdict = verdict;
  step->reason = reason ? *reason : REASONS;
  bpf_ringbuf_output(&steps, step, sizeof *step, 0);
  return verdict;
}

#define PROGRAM(name, hook)                               \
  SEC("tc")                                               \
  int name(struct __sk_buff *skb) {                       \
    struct step step;                                     \
    int watches = is_watched(skb, hook, &step);           \
    int verdict = name##_frame(skb);                      \
    return watches ? tell(&step, verdict) : verdict;      \
  }
