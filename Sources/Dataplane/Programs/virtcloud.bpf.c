// The data plane's programs, all for tc's clsact hooks (tc-bpf(8)):
//
//   guard    ingress of a guest's port: what a guest may not send stops here
//   tag      egress of a network's trunk port: a frame leaves its bridge, gets its tag, goes to the uplink
//   untag    ingress of a host's uplink: a frame loses its tag and enters its network's bridge
//   forward  ingress of every port of an emulated site switch: a learning, VLAN-translating switch
//
// Each device (a host, a site's switch) loads its own copy, the programs of its role only, in a network namespace of
// its own, so interface indices are unique keys. Runs on Linux 5.15 and later. The tag travels in skb metadata (skb->vlan_tci), as with hardware offload: segmentation and
// checksum offload keep working, and lengths do not change.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

// TCI: priority (3 bits), drop eligible (1 bit), VLAN (12 bits), IEEE 802.1Q-2018, 9.6.
#define VLAN_ID_MASK 0x0fff
#define MAX_MEMBERS 64
#define AGEING_NS (300LL * 1000000000LL)

// Reasons for a drop; `DropReason` in Swift has the same order.
enum reason {
  GUEST_TAGGED,
  GUEST_FOREIGN_SOURCE,
  GUEST_CONTROL_FRAME,
  GUEST_TOO_SHORT,
  GUEST_UNKNOWN_PORT,
  TRUNK_UNTAGGED,
  TRUNK_UNKNOWN_VLAN,
  TRUNK_STACKED,
  SWITCH_INVALID_SOURCE,
  REASONS,
};

struct trunk {
  __u32 uplink;
  __u32 vlan;
};

struct member {
  __u32 port;
  __u32 vlan;
};

struct domain {
  __u32 count;
  struct member members[MAX_MEMBERS];
};

// What a port's tag means: its domain and, where the domain has two members, the other one; else zeros.
struct membership {
  __u32 domain;
  struct member peer;
};

struct station {
  __u32 domain;
  __u8 mac[ETH_ALEN];
  __u8 zero[2];
};

struct place {
  struct member member;
  __u64 seen;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, REASONS);
  __type(key, __u32);
  __type(value, __u64);
} drops SEC(".maps");

// Port -> the only source address it may use: six octets as on the wire, then two zeros. Tables that people fill are
// not allocated before they are filled; only their buckets are, 16 bytes each.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u32);
  __type(value, __u64);
} guests SEC(".maps");

// Trunk port -> tag and uplink.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u32);
  __type(value, struct trunk);
} trunks SEC(".maps");

// Uplink and tag -> trunk port.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct member);
  __type(value, __u32);
} vlans SEC(".maps");

// Switch port and tag -> what it means.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct member);
  __type(value, struct membership);
} memberships SEC(".maps");

// A switch has at most 4094 tags a port, and a domain takes one of each of its ports.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8192);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u32);
  __type(value, struct domain);
} domains SEC(".maps");

// Where stations were seen. A table that is full forgets whom it has not seen for longest; a frame to the forgotten
// is flooded, which is slow but right.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, struct station);
  __type(value, struct place);
} stations SEC(".maps");

static __always_inline int drop(__u32 reason) {
  __u64 *count = bpf_map_lookup_elem(&drops, &reason);
  if (count) *count += 1;
  return TC_ACT_SHOT;
}

static __always_inline int is_vlan(__be16 protocol) {
  return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD) || protocol == bpf_htons(0x9100);
}

SEC("tc")
int guard(struct __sk_buff *skb) {
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *frame = data;
  if (data + sizeof *frame > end) return drop(GUEST_TOO_SHORT);
  // The kernel moves a frame's outermost tag into the metadata; an inner one stays in the payload.
  if (skb->vlan_present || is_vlan(frame->h_proto)) return drop(GUEST_TAGGED);
  // 01:80:c2:00:00:00 to 0f: spanning tree, LACP, pause, LLDP (IEEE 802.1Q-2018, table 8-1).
  const __u8 *to = frame->h_dest;
  if (to[0] == 0x01 && to[1] == 0x80 && to[2] == 0xc2 && !to[3] && !to[4] && to[5] < 0x10)
    return drop(GUEST_CONTROL_FRAME);
  __u32 port = skb->ifindex;
  const __u64 *allowed = bpf_map_lookup_elem(&guests, &port);
  if (!allowed) return drop(GUEST_UNKNOWN_PORT);
  __u64 source = 0;
  __builtin_memcpy(&source, frame->h_source, ETH_ALEN);
  return source == *allowed ? TC_ACT_OK : drop(GUEST_FOREIGN_SOURCE);
}

SEC("tc")
int tag(struct __sk_buff *skb) {
  __u32 port = skb->ifindex;
  struct trunk *trunk = bpf_map_lookup_elem(&trunks, &port);
  if (!trunk) return drop(TRUNK_UNKNOWN_VLAN);
  // A second tag would become the inner one: what is tagged already stays in its bridge.
  if (skb->vlan_present || bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), trunk->vlan)) return drop(TRUNK_STACKED);
  return bpf_redirect(trunk->uplink, 0);
}

// The tag of a trunk's frame, or 0 with the reason why there is none that counts.
static __always_inline __u32 trunk_vlan(struct __sk_buff *skb, __u32 *reason) {
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *frame = data;
  __u32 vlan = skb->vlan_present && skb->vlan_proto == bpf_htons(ETH_P_8021Q) ? skb->vlan_tci & VLAN_ID_MASK : 0;
  *reason = TRUNK_UNTAGGED;
  if (!vlan || data + sizeof *frame > end) return 0;
  *reason = TRUNK_STACKED;
  return is_vlan(frame->h_proto) ? 0 : vlan;
}

SEC("tc")
int untag(struct __sk_buff *skb) {
  __u32 reason;
  struct member from = {.port = skb->ifindex, .vlan = trunk_vlan(skb, &reason)};
  if (!from.vlan) return drop(reason);
  __u32 *port = bpf_map_lookup_elem(&vlans, &from);
  if (!port) return drop(TRUNK_UNKNOWN_VLAN);
  if (bpf_skb_vlan_pop(skb)) return drop(TRUNK_STACKED);
  // The bridge sees the frame arrive on the trunk port; the kernel classes its destination anew on the way.
  return bpf_redirect(*port, BPF_F_INGRESS);
}

// Puts another tag on and keeps the priority bits; a frame whose tag is right is left alone.
static __always_inline int retag(struct __sk_buff *skb, __u32 vlan) {
  __u32 tci = skb->vlan_tci;
  if ((tci & VLAN_ID_MASK) == vlan) return 0;
  if (bpf_skb_vlan_pop(skb)) return -1;
  return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), (tci & ~VLAN_ID_MASK) | vlan);
}

static __always_inline void learn(const struct station *station, const struct member *at, __u64 now) {
  struct place *known = bpf_map_lookup_elem(&stations, station);
  if (known && known->member.port == at->port && known->member.vlan == at->vlan) {
    // A write a frame would make the entry's cache line travel between processors.
    if ((__s64)(now - known->seen) > AGEING_NS / 16) known->seen = now;
    return;
  }
  struct place place = {.member = *at, .seen = now};
  bpf_map_update_elem(&stations, station, &place, BPF_ANY);
}

// The member through which a station was last seen; false where nobody knows, or where that was too long ago or
// through a member that has left the domain since.
//
// An LRU map may give an entry to another station at any moment. The member is therefore copied first and checked
// second: whatever was read, no frame leaves its domain.
static __always_inline int find(const struct station *station, __u64 now, struct member *at) {
  struct place *place = bpf_map_lookup_elem(&stations, station);
  // Signed: another processor may have seen it since `now` was read.
  if (!place || (__s64)(now - place->seen) > AGEING_NS) return 0;
  *at = place->member;
  struct membership *membership = bpf_map_lookup_elem(&memberships, at);
  return membership && membership->domain == station->domain;
}

// Sends a copy through one member; not 0 where its tag cannot be put on. Not static: the verifier looks at a global
// function once, not once a member.
__attribute__((noinline)) int copy(struct __sk_buff *skb, __u32 port, __u32 vlan) {
  if (retag(skb, vlan)) return -1;
  bpf_clone_redirect(skb, port, 0);
  return 0;
}

static __always_inline int flood(struct __sk_buff *skb, __u32 number, __u32 port) {
  struct domain *domain = bpf_map_lookup_elem(&domains, &number);
  if (!domain) return drop(TRUNK_UNKNOWN_VLAN);
  __u32 count = domain->count;
  for (__u32 i = 0; i < MAX_MEMBERS; i++) {
    if (i >= count) break;
    struct member member = domain->members[i];
    if (member.port != port && copy(skb, member.port, member.vlan)) return drop(TRUNK_STACKED);
  }
  // The copies are on their way; this is the original's end, and no drop that anyone should count.
  return TC_ACT_SHOT;
}

SEC("tc")
int forward(struct __sk_buff *skb) {
  __u32 reason;
  struct member from = {.port = skb->ifindex, .vlan = trunk_vlan(skb, &reason)}, to;
  if (!from.vlan) return drop(reason);
  struct membership *membership = bpf_map_lookup_elem(&memberships, &from);
  if (!membership) return drop(TRUNK_UNKNOWN_VLAN);
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *frame = data;
  if (data + sizeof *frame > end) return drop(TRUNK_UNTAGGED);
  if (frame->h_source[0] & 1) return drop(SWITCH_INVALID_SOURCE);

  // Between two members there is nothing to learn: what comes from one goes to the other.
  to = membership->peer;
  if (!to.port) {
    struct station source = {.domain = membership->domain}, target = {.domain = membership->domain};
    __builtin_memcpy(source.mac, frame->h_source, ETH_ALEN);
    __builtin_memcpy(target.mac, frame->h_dest, ETH_ALEN);
    // A tick's precision is enough for minutes of ageing, and costs no read of the clock.
    __u64 now = bpf_ktime_get_coarse_ns();
    learn(&source, &from, now);
    if (target.mac[0] & 1 || !find(&target, now, &to)) return flood(skb, source.domain, from.port);
  }
  // The station is where the frame comes from: it has it already.
  if (to.port == from.port) return TC_ACT_SHOT;
  if (retag(skb, to.vlan)) return drop(TRUNK_STACKED);
  return bpf_redirect(to.port, 0);
}

char _license[] SEC("license") = "Dual MIT/GPL";
