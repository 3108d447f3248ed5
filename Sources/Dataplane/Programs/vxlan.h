// VXLAN (RFC 7348) over IPv4, put on and taken off by the programs themselves: a frame that is on its way from guest
// to guest never enters a host's IP stack, and no host has an address that a guest could reach.
//
// The kernel's marks for tunnels' segmentation are not set: on an emulated cable a frame that waits for segmentation
// goes from one host's program to the other's as it is, and comes out as it went in.
#pragma once
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include "tables.h"

#define VXLAN_PORT 4789
#define VXLAN_FLAGS 0x08000000  // "I": the identifier is valid

struct envelope {
  struct ethhdr frame;
  struct iphdr ip;
  struct udphdr udp;
  __be32 flags;
  __be32 vni;
} __attribute__((packed));

#define ENVELOPE ((int)sizeof(struct envelope))

static __always_inline __u16 ip_checksum(const struct iphdr *ip) {
  const __u16 *words = (const __u16 *)ip;
  __u32 sum = 0;
#pragma unroll
  for (int i = 0; i < 10; i++) sum += words[i];
  sum = (sum & 0xffff) + (sum >> 16);
  return ~((sum & 0xffff) + (sum >> 16));
}

// Hosts' addresses on the cables between hosts are made from their IPv4 addresses, so nobody has to ask for them.
static __always_inline void underlay_mac(__u8 *mac, __be32 address) {
  mac[0] = 0x02;
  mac[1] = 0x57;
  __builtin_memcpy(mac + 2, &address, 4);
}

// Writes an envelope before a frame of `length` octets that has room for one.
static __always_inline int address_envelope(struct __sk_buff *skb, const struct way *way, __u32 length, __u32 hash) {
  struct envelope e = {};
  underlay_mac(e.frame.h_dest, way->remote);
  underlay_mac(e.frame.h_source, way->local);
  e.frame.h_proto = bpf_htons(ETH_P_IP);
  struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP};
  __u32 total = length + ENVELOPE - ETH_HLEN;
  // What waits for segmentation may be longer than one packet can be; its segments are not.
  ip.tot_len = bpf_htons(total > 0xffff ? 0xffff : total);
  ip.frag_off = bpf_htons(0x4000);
  ip.saddr = way->local;
  ip.daddr = way->remote;
  ip.check = ip_checksum(&ip);
  e.ip = ip;
  // RFC 7348, section 5: from the dynamic range, by the inner frame's flow.
  e.udp.source = bpf_htons(0xc000 | ((hash ^ hash >> 16) & 0x3fff));
  e.udp.dest = bpf_htons(VXLAN_PORT);
  total -= sizeof ip;
  e.udp.len = bpf_htons(total > 0xffff ? 0xffff : total);
  e.flags = bpf_htonl(VXLAN_FLAGS);
  e.vni = bpf_htonl((way->tag & ~TAG_VNI) << 8);
  return bpf_skb_store_bytes(skb, 0, &e, sizeof e, 0);
}

// Makes room before a frame and puts the envelope in. The kernel grows what is IP whatever its size, and anything
// that is small.
static __always_inline int wrap(struct __sk_buff *skb, const struct way *way) {
  struct ethhdr inner;
  __u32 length = skb->len, hash = bpf_get_hash_recalc(skb);
  if (bpf_skb_load_bytes(skb, 0, &inner, sizeof inner)) return -1;
  int is_ip = inner.h_proto == bpf_htons(ETH_P_IP) || inner.h_proto == bpf_htons(ETH_P_IPV6);
  if (is_ip ? bpf_skb_adjust_room(skb, ENVELOPE, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO)
            : bpf_skb_change_head(skb, ENVELOPE, 0))
    return -1;
  if (is_ip && bpf_skb_store_bytes(skb, ENVELOPE, &inner, sizeof inner, 0)) return -1;
  return address_envelope(skb, way, length, hash);
}

// Reads an envelope; not 0 where there is none.
static __always_inline int read_envelope(struct __sk_buff *skb, struct envelope *e) {
  if (bpf_skb_load_bytes(skb, 0, e, sizeof *e)) return -1;
  return e->frame.h_proto != bpf_htons(ETH_P_IP) || e->ip.version != 4 || e->ip.ihl != 5 ||
         e->ip.protocol != IPPROTO_UDP || e->ip.frag_off & bpf_htons(0x3fff) || e->udp.dest != bpf_htons(VXLAN_PORT) ||
         e->flags != bpf_htonl(VXLAN_FLAGS);
}

static __always_inline __u32 vni_tag(const struct envelope *e) { return TAG_VNI | bpf_ntohl(e->vni) >> 8; }

// Takes the envelope off; `inner` becomes the frame's header.
static __always_inline int unwrap(struct __sk_buff *skb, struct ethhdr *inner) {
  if (bpf_skb_load_bytes(skb, ENVELOPE, inner, sizeof *inner)) return -1;
  if (bpf_skb_adjust_room(skb, -ENVELOPE, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO)) return -1;
  return bpf_skb_store_bytes(skb, 0, inner, sizeof *inner, 0);
}
