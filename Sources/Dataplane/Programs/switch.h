// An emulated site's switch: VLANs, stacked VLANs, and VXLAN by destination.
#pragma once
#include "tables.h"
#include "vxlan.h"

struct member {
  __u32 port;
  __u32 tag;
  __u32 class;
  __u32 flags;
};

struct domain {
  __u32 count;
  __u32 zero;
  struct member members[MAX_MEMBERS];
};

struct place {
  __u32 port;
  __u32 tag;
};

// What a port's tag means: its domain and, where the domain has two members, the other one; else zeros.
struct membership {
  __u32 domain;
  __u32 ageing;
  struct member self;
  struct member peer;
};

struct trace_of_station {
  struct place place;
  __u64 seen;
};

// A host's VXLAN network: where its envelopes go.
struct route {
  __u32 tag;
  __be32 destination;
};

TABLE(memberships, BPF_MAP_TYPE_HASH, 32768, struct place, struct membership);
// A switch has at most 4094 tags a port and outer tag, and a domain takes one of each of its ports.
TABLE(domains, BPF_MAP_TYPE_HASH, 16384, __u32, struct domain);
TABLE(routes, BPF_MAP_TYPE_HASH, 32768, struct route, struct member);

// Where stations were seen. A table that is full forgets whom it has not seen for longest; a frame to the forgotten
// is flooded, which is slow but right.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, struct station);
  __type(value, struct trace_of_station);
} stations SEC(".maps");

// The tag of a trunk's frame, the outer one above the inner, or 0 with the reason why there is none that counts.
static __always_inline __u32 trunk_vlan(struct __sk_buff *skb, __u32 *reason) {
  __be16 type[3] = {};
  *reason = TRUNK_UNTAGGED;
  if (!skb->vlan_present || bpf_skb_load_bytes(skb, 12, type, 6)) {
    // A frame that ends behind its header cannot hold a second tag.
    if (!skb->vlan_present || bpf_skb_load_bytes(skb, 12, type, 2)) return 0;
  }
  __u32 tag = skb->vlan_tci & VLAN_ID_MASK;
  if (!tag) return 0;
  *reason = TRUNK_STACKED;
  if (skb->vlan_proto == bpf_htons(ETH_P_8021Q)) return is_vlan(type[0]) ? 0 : tag;
  // An outer tag without an inner one, or with two of them, is nobody's.
  __u32 inner = bpf_ntohs(type[1]) & VLAN_ID_MASK;
  return type[0] != bpf_htons(ETH_P_8021Q) || is_vlan(type[2]) || !inner ? 0 : tag << 12 | inner;
}

// Puts other tags on and keeps the priority bits; a frame whose tags are right is left alone.
static __always_inline int retag(struct __sk_buff *skb, __u32 from, __u32 to) {
  __u32 bits = skb->vlan_tci & ~VLAN_ID_MASK;
  if (from == to) return 0;
  // The kernel moves the inner tag into the metadata when the outer one is taken off.
  if (from >> 12 && bpf_skb_vlan_pop(skb)) return -1;
  if ((from ^ to) & VLAN_ID_MASK) {
    if (bpf_skb_vlan_pop(skb) || bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), bits | (to & VLAN_ID_MASK))) return -1;
  }
  return to >> 12 ? bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021AD), bits | to >> 12) : 0;
}

static __always_inline void remember(const struct station *station, const struct place *at, __u64 now) {
  struct trace_of_station *known = bpf_map_lookup_elem(&stations, station);
  if (known && known->place.port == at->port && known->place.tag == at->tag) {
    // A write a frame would make the entry's cache line travel between processors.
    if ((__s64)(now - known->seen) > AGEING_NS / 16) known->seen = now;
    return;
  }
  struct trace_of_station fresh = {.place = *at, .seen = now};
  bpf_map_update_elem(&stations, station, &fresh, BPF_ANY);
}

// The member through which a station was last seen; false where nobody knows, or where that was too long ago or
// through a member that has left the domain since.
//
// An LRU map may give an entry to another station at any moment. The place is therefore copied first and checked
// second: whatever was read, no frame leaves its domain.
static __always_inline int locate(const struct station *station, __u64 now, struct member *to) {
  struct trace_of_station *known = bpf_map_lookup_elem(&stations, station);
  // Signed: another processor may have seen it since `now` was read.
  if (!known || (__s64)(now - known->seen) > AGEING_NS) return 0;
  struct place at = known->place;
  struct membership *membership = bpf_map_lookup_elem(&memberships, &at);
  if (!membership || membership->domain != station->network) return 0;
  *to = membership->self;
  return 1;
}

// Sends a copy through one member; not 0 where its tag cannot be put on. Not static: the verifier looks at a global
// function once, not once a member.
__attribute__((noinline)) int copy(struct __sk_buff *skb, __u32 port, __u32 from, __u32 to, __u32 class) {
  if (retag(skb, from, to)) return -1;
  skb->priority = class;
  bpf_clone_redirect(skb, port, 0);
  return 0;
}

static __always_inline int flood(struct __sk_buff *skb, __u32 number, __u32 port, __u32 tag) {
  struct domain *domain = bpf_map_lookup_elem(&domains, &number);
  if (!domain) return drop(TRUNK_UNKNOWN_VLAN);
  __u32 count = domain->count;
  for (__u32 i = 0; i < MAX_MEMBERS; i++) {
    if (i >= count) break;
    struct member member = domain->members[i];
    if (member.port == port) continue;
    if (copy(skb, member.port, tag, member.tag, member.class)) return drop(TRUNK_STACKED);
    tag = member.tag;
  }
  // The copies are on their way; this is the original's end, and no drop that anyone should count.
  return TC_ACT_SHOT;
}

static __always_inline int send(struct __sk_buff *skb, const struct member *to, int may_jump) {
  skb->priority = to->class;
  return to->flags & WAY_PEER && may_jump ? bpf_redirect_peer(to->port, 0) : bpf_redirect(to->port, 0);
}

// VXLAN goes where its network's path leads.
static __always_inline int route(struct __sk_buff *skb, __u32 reason) {
  struct envelope envelope;
  if (skb->vlan_present || read_envelope(skb, &envelope)) return drop(reason);
  struct route key = {.tag = vni_tag(&envelope), .destination = envelope.ip.daddr};
  struct member *to = bpf_map_lookup_elem(&routes, &key);
  if (!to) return drop(TRUNK_UNKNOWN_VLAN);
  return send(skb, to, 1);
}

static __noinline int forward_frame(struct __sk_buff *skb) {
  __u32 reason;
  struct place from = {.port = skb->ifindex, .tag = trunk_vlan(skb, &reason)};
  if (!from.tag) return route(skb, reason);
  struct membership *membership = bpf_map_lookup_elem(&memberships, &from);
  if (!membership) return drop(TRUNK_UNKNOWN_VLAN);
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *frame = data;
  if (data + sizeof *frame > end) return drop(TRUNK_UNTAGGED);
  if (frame->h_source[0] & 1) return drop(SWITCH_INVALID_SOURCE);

  // Between two members there is nothing to learn: what comes from one goes to the other.
  struct member to = membership->peer;
  // What is for everybody is classed anew by the kernel where it crosses a cable; so it keeps its order with the rest
  // of its kind.
  if (!to.port) {
    struct station source = {.network = membership->domain}, target = {.network = membership->domain};
    __builtin_memcpy(source.mac, frame->h_source, ETH_ALEN);
    __builtin_memcpy(target.mac, frame->h_dest, ETH_ALEN);
    // A tick's precision is enough for minutes of ageing, and costs no read of the clock.
    __u64 now = bpf_ktime_get_coarse_ns();
    remember(&source, &from, now);
    if (target.mac[0] & 1 || !locate(&target, now, &to)) return flood(skb, source.network, from.port, from.tag);
  }
  // The station is where the frame comes from: it has it already.
  if (to.port == from.port) return TC_ACT_SHOT;
  if (retag(skb, from.tag, to.tag)) return drop(TRUNK_STACKED);
  return send(skb, &to, 1);
}
