// The data plane's programs, all for tc's clsact hooks (tc-bpf(8)):
//
//   guard    ingress of a guest's port: what a guest may not send stops here
//   tag      egress of a network's trunk port: a frame leaves its bridge, gets its tag, goes to the uplink
//   untag    ingress of a host's uplink: a frame loses its tag and enters its network's bridge
//   forward  ingress of every port of an emulated site switch: a learning, VLAN-translating switch
//
// Each device (a host, a site's switch) loads the object once in its own network namespace, so interface indices
// are unique keys. The tag travels in skb metadata (skb->vlan_tci), as with hardware offload: segmentation and
// checksum offload keep working, and lengths do not change.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define PACKET_HOST 0
#define VLAN_ID_MASK 0x0fff
#define MAX_MEMBERS 64
#define AGEING_NS (300ULL * 1000000000ULL)

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

// Port -> the only source address it may use: six octets as on the wire, then two zeros.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
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

// Tag on the uplink -> trunk port.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u32);
  __type(value, __u32);
} vlans SEC(".maps");

// Switch port and tag -> broadcast domain.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct member);
  __type(value, __u32);
} memberships SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, __u32);
  __type(value, struct domain);
} domains SEC(".maps");

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
  if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), trunk->vlan)) return drop(TRUNK_STACKED);
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
  __u32 reason, vlan = trunk_vlan(skb, &reason);
  if (!vlan) return drop(reason);
  __u32 *port = bpf_map_lookup_elem(&vlans, &vlan);
  if (!port) return drop(TRUNK_UNKNOWN_VLAN);
  if (bpf_skb_vlan_pop(skb)) return drop(TRUNK_STACKED);
  // The uplink's own address is nobody's destination, so the frame was classed as another host's.
  bpf_skb_change_type(skb, PACKET_HOST);
  return bpf_redirect(*port, BPF_F_INGRESS);
}

// Puts another tag on; the frame keeps its tag where the two are the same.
static __always_inline int retag(struct __sk_buff *skb, __u32 vlan) {
  if ((skb->vlan_tci & VLAN_ID_MASK) == vlan) return 0;
  if (bpf_skb_vlan_pop(skb)) return -1;
  return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), vlan);
}

static __always_inline void learn(const struct station *station, const struct member *at) {
  __u64 now = bpf_ktime_get_ns();
  struct place *known = bpf_map_lookup_elem(&stations, station);
  if (known && known->member.port == at->port && known->member.vlan == at->vlan) {
    // A write a frame would make the map's line travel between processors.
    if (now - known->seen > AGEING_NS / 16) known->seen = now;
    return;
  }
  struct place place = {.member = *at, .seen = now};
  bpf_map_update_elem(&stations, station, &place, BPF_ANY);
}

// The member through which a station was last seen; null where nobody knows, or where that was too long ago or
// through a port that has left the domain since.
static __always_inline struct member *find(const struct station *station) {
  struct place *place = bpf_map_lookup_elem(&stations, station);
  if (!place || bpf_ktime_get_ns() - place->seen > AGEING_NS) return 0;
  __u32 *domain = bpf_map_lookup_elem(&memberships, &place->member);
  return domain && *domain == station->domain ? &place->member : 0;
}

SEC("tc")
int forward(struct __sk_buff *skb) {
  __u32 reason;
  struct member from = {.port = skb->ifindex, .vlan = trunk_vlan(skb, &reason)};
  if (!from.vlan) return drop(reason);
  __u32 *number = bpf_map_lookup_elem(&memberships, &from);
  if (!number) return drop(TRUNK_UNKNOWN_VLAN);
  struct domain *domain = bpf_map_lookup_elem(&domains, number);
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *frame = data;
  if (!domain || data + sizeof *frame > end) return drop(TRUNK_UNKNOWN_VLAN);

  struct station source = {.domain = *number}, target = {.domain = *number};
  __builtin_memcpy(source.mac, frame->h_source, ETH_ALEN);
  __builtin_memcpy(target.mac, frame->h_dest, ETH_ALEN);
  if (!(source.mac[0] & 1)) learn(&source, &from);

  struct member *to = target.mac[0] & 1 ? 0 : find(&target);
  if (to) {
    if (to->port == from.port) return TC_ACT_SHOT;
    if (retag(skb, to->vlan)) return drop(TRUNK_STACKED);
    return bpf_redirect(to->port, 0);
  }
  __u32 count = domain->count;
  for (__u32 i = 0; i < MAX_MEMBERS; i++) {
    if (i >= count) break;
    struct member member = domain->members[i];
    if (member.port == from.port) continue;
    if (retag(skb, member.vlan)) return drop(TRUNK_STACKED);
    bpf_clone_redirect(skb, member.port, 0);
  }
  return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual MIT/GPL";
