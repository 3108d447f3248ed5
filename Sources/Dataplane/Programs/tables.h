// Tables of the data plane, and what every program does with them: counting, dropping, learning.
//
// Keys and values are plain; `Layouts.swift` has the same ones. Tables that people fill are not allocated before they
// are filled; only their buckets are, 16 bytes each.
#pragma once
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MAX_MEMBERS 64
#define MAX_EXITS 64
#define SECOND 1000000000ULL
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
  GUEST_FOREIGN_ADDRESS,
  GUEST_FOREIGN_ARP,
  GUEST_FOREIGN_NEIGHBOUR,
  GUEST_ROUTER_ADVERTISEMENT,
  GUEST_DHCP_SERVER,
  GUEST_HEADER_CHAIN,
  GUEST_STORM,
  GUEST_MAC_LIMIT,
  WIRE_LOSS,
  TUNNEL_TOO_LARGE,
  NETWORK_UNKNOWN,
  GUEST_TOO_LONG,
  REASONS,
};

// `struct port`, flags.
enum {
  PORT_ANY_SOURCE = 1,   // its guest may send from any address of a single station
  PORT_ADDRESSES = 2,    // what it says in ARP, IP and ND is compared with what was declared
  PORT_ROUTER = 4,       // forwards others' packets, advertises itself, serves DHCP
  PORT_PASS_STP = 8,
  PORT_PASS_LACP = 16,
  PORT_PASS_LLDP = 32,
  PORT_WIRE = 64,        // what comes in leaves at the other end, whatever it is
  PORT_QUEUED = 128,     // a discipline stands at its egress: frames to the guest must pass it
};

// `struct network`, flags.
enum {
  NETWORK_LEARNS = 1,  // stations are learned; else the plan knows them
  NETWORK_FAST = 2,    // known unicast passes by the bridge
};

// `struct way`, flags.
enum { WAY_PEER = 1 };  // the uplink is one end of a cable to another namespace, and nothing is queued on it

// Tags: a VLAN (12 bits) and above it an outer one (bits 12 to 23), or a VXLAN network identifier with this bit.
#define TAG_VNI 0x80000000u
#define VLAN_ID_MASK 0x0fff

struct port {
  __u64 mac;       // of its node: six octets as on the wire, then two zeros
  __u32 network;
  __u32 peer;      // of a wire: the port at its other end, where that is on this host
  __u32 flags;
  __be32 address;  // the first declared IPv4 address; zero is none
  __u32 macs;      // stations that are learned at it, at most
  __u32 gap;       // ns between flooded frames, on average; zero is no limit
  __u32 loss;      // chance of a frame to be lost on a wire, of 2^32
  __u32 mtu;       // largest IP packet; zero is no limit
};

struct network {
  __u32 trunk;   // its bridge's port towards the core; zero where all ends are here, or where there is no bridge
  __u32 exits;   // how many ways lead to other hosts
  __u32 flags;
  __u32 ageing;  // seconds
};

struct exit {
  __u32 network;
  __u32 index;
};

// One way out of this host.
struct way {
  __u32 uplink;
  __u32 tag;
  __be32 local;   // VXLAN: this host and the one at the other end
  __be32 remote;
  __u32 class;    // HTB class on the uplink (tc-htb(8)); zero is none
  __u32 flags;
};

struct arrival {
  __u32 uplink;
  __u32 tag;
  __be32 remote;
};

struct origin {
  __u32 network;
  __u32 port;   // of a wire: its port here; else zero
  __u32 exit;   // the way back
  __u32 zero;
};

struct station {
  __u32 network;
  __u8 mac[ETH_ALEN];
  __u8 zero[2];
};

// Where a station was seen: at a port, or through an exit where the port is zero.
struct sighting {
  __u32 port;
  __u32 exit;
  __u64 seen;
};

struct slot {
  __u32 port;
  __u32 number;
};

// What changes at every frame.
struct meter {
  __u64 flooded;  // when the next flooded frame is due
  __u32 cursor;
  __u32 zero;
};

struct declared {
  __u32 port;
  __u8 address[16];  // IPv6, or IPv4 as ::ffff:a.b.c.d
};

struct window {
  __u64 number;
  __u64 current;
  __u64 previous;
};

// Octets are those of Ethernet frames without preamble, tag and checksum; what is still to be segmented counts as the
// frames that it will be.
struct tally {
  __u64 frames;
  __u64 octets;
  struct window second;
  struct window minute;
};

// `kind` is one of these; `id` a guest's port. What links carry the kernel counts itself, also where frames jump.
enum { FROM_GUEST, TO_GUEST };

struct counted {
  __u32 kind;
  __u32 id;
};

struct dropped {
  __u32 port;
  __u32 reason;
};

#define TABLE(name, kind, entries, K, V)          \
  struct {                                        \
    __uint(type, kind);                           \
    __uint(max_entries, entries);                 \
    __uint(map_flags, BPF_F_NO_PREALLOC);         \
    __type(key, K);                               \
    __type(value, V);                             \
  } name SEC(".maps")

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, REASONS);
  __type(key, __u32);
  __type(value, __u64);
} drops SEC(".maps");

TABLE(port_drops, BPF_MAP_TYPE_PERCPU_HASH, 8192, struct dropped, __u64);
TABLE(tallies, BPF_MAP_TYPE_PERCPU_HASH, 65536, struct counted, struct tally);
TABLE(ports, BPF_MAP_TYPE_HASH, 32768, __u32, struct port);
TABLE(addresses, BPF_MAP_TYPE_HASH, 16384, struct declared, __u32);
TABLE(meters, BPF_MAP_TYPE_HASH, 32768, __u32, struct meter);
TABLE(networks, BPF_MAP_TYPE_HASH, 16384, __u32, struct network);
TABLE(exits, BPF_MAP_TYPE_HASH, 16384, struct exit, struct way);
TABLE(arrivals, BPF_MAP_TYPE_HASH, 16384, struct arrival, struct origin);
// Trunk port of a bridge -> its network.
TABLE(trunks, BPF_MAP_TYPE_HASH, 16384, __u32, __u32);
// Stations that the plan knows -> their port.
TABLE(residents, BPF_MAP_TYPE_HASH, 16384, struct station, __u32);
// Addresses that a port's stations take up, so that one port cannot fill the table of all.
TABLE(slots, BPF_MAP_TYPE_HASH, 16384, struct slot, struct station);

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, struct station);
  __type(value, struct sighting);
} sightings SEC(".maps");

// The last drop's reason on each processor, for those who watch.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} last_reason SEC(".maps");

static __always_inline int drop(__u32 reason) {
  __u32 zero = 0, *last = bpf_map_lookup_elem(&last_reason, &zero);
  if (last) *last = reason;
  __u64 *count = bpf_map_lookup_elem(&drops, &reason);
  if (count) *count += 1;
  return TC_ACT_SHOT;
}

// Not static: the verifier looks at a global function once, not at every call. Rare, hence the table made as needed.
__attribute__((noinline)) int drop_at(__u32 port, __u32 reason) {
  struct dropped key = {.port = port, .reason = reason};
  __u64 *count = bpf_map_lookup_elem(&port_drops, &key), one = 1;
  if (count) *count += 1;
  else bpf_map_update_elem(&port_drops, &key, &one, BPF_NOEXIST);
  return drop(reason);
}

static __always_inline void roll(struct window *window, __u64 number, __u64 octets) {
  if (window->number != number) {
    window->previous = window->number + 1 == number ? window->current : 0;
    window->number = number;
    window->current = 0;
  }
  window->current += octets;
}

__attribute__((noinline)) int count(struct __sk_buff *skb, __u32 kind, __u32 id) {
  struct counted key = {.kind = kind, .id = id};
  struct tally *tally = bpf_map_lookup_elem(&tallies, &key);
  if (!tally) {
    struct tally none = {};
    bpf_map_update_elem(&tallies, &key, &none, BPF_NOEXIST);
    tally = bpf_map_lookup_elem(&tallies, &key);
    if (!tally) return 0;
  }
  __u64 octets = skb->len;
  __u32 segments = skb->gso_segs;
  // Every segment but the first brings headers of its own, 54 octets and more of them.
  if (segments > 1) octets += (segments - 1) * 66;
  tally->frames += segments ?: 1;
  tally->octets += octets;
  // The rates of what guests send are wanted without waiting for them; all others come from two looks.
  if (kind != FROM_GUEST) return 0;
  __u64 second = bpf_ktime_get_coarse_ns() / SECOND;
  roll(&tally->second, second, octets);
  roll(&tally->minute, second / 60, octets);
  return 0;
}

static __always_inline int is_vlan(__be16 protocol) {
  return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD) || protocol == bpf_htons(0x9100);
}

static __always_inline __u64 wire_order(const __u8 *mac) {
  __u64 number = 0;
  __builtin_memcpy(&number, mac, ETH_ALEN);
  return number;
}

static __always_inline int is_past(__u64 seen, __u64 now, __u32 ageing) {
  // Signed: another processor may have seen it since `now` was read.
  return (__s64)(now - seen) > (__s64)ageing * (__s64)SECOND;
}
