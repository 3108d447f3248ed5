// What a guest may say of itself above its Ethernet header: ARP (RFC 826), IPv4, IPv6, neighbour discovery (RFC 4861,
// RFC 6105 for router advertisements, RFC 7113 for those that hide behind extension headers) and DHCP.
#pragma once
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include "tables.h"

#define MAX_EXTENSIONS 6
#define LEGITIMATE REASONS

struct arp {
  __be16 hardware, protocol;
  __u8 hardware_length, protocol_length;
  __be16 operation;
  __u8 sender_mac[ETH_ALEN];
  __be32 sender;
  __u8 target_mac[ETH_ALEN];
  __be32 target;
} __attribute__((packed));

static __always_inline int declares4(__u32 index, const struct port *port, __be32 address) {
  // A port without any has zero there, which is nobody's.
  if (address && address == port->address) return 1;
  struct declared key = {.port = index, .address = {[10] = 0xff, [11] = 0xff}};
  __builtin_memcpy(key.address + 12, &address, 4);
  return bpf_map_lookup_elem(&addresses, &key) != 0;
}

// Declared, or the link-local address that belongs to its MAC (RFC 4291, appendix A).
static __always_inline int declares6(__u32 index, const struct port *port, const struct in6_addr *address) {
  const __u8 *a = address->s6_addr, *m = (const __u8 *)&port->mac;
  if (a[0] == 0xfe && a[1] == 0x80 && !a[2] && !a[3] && !a[4] && !a[5] && !a[6] && !a[7] && a[8] == (m[0] ^ 2) &&
      a[9] == m[1] && a[10] == m[2] && a[11] == 0xff && a[12] == 0xfe && a[13] == m[3] && a[14] == m[4] &&
      a[15] == m[5])
    return 1;
  struct declared key = {.port = index};
  __builtin_memcpy(key.address, a, 16);
  return bpf_map_lookup_elem(&addresses, &key) != 0;
}

static __always_inline __u32 check_arp(struct __sk_buff *skb, __u32 index, const struct port *port) {
  struct arp arp;
  if (bpf_skb_load_bytes(skb, ETH_HLEN, &arp, sizeof arp)) return GUEST_FOREIGN_ARP;
  if (arp.hardware_length != ETH_ALEN || arp.protocol_length != 4) return GUEST_FOREIGN_ARP;
  if (wire_order(arp.sender_mac) != port->mac) return GUEST_FOREIGN_ARP;
  // A probe has no sender yet; it claims its target (RFC 5227), and would keep another from taking it.
  return declares4(index, port, arp.sender ?: arp.target) ? LEGITIMATE : GUEST_FOREIGN_ARP;
}

static __always_inline __u32 check_ipv4(struct __sk_buff *skb, __u32 index, const struct port *port) {
  if (port->flags & PORT_ROUTER) return LEGITIMATE;
  struct iphdr ip;
  struct udphdr udp = {};
  if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof ip) || ip.version != 4 || ip.ihl < 5) return GUEST_FOREIGN_ADDRESS;
  int is_first = !(ip.frag_off & bpf_htons(0x1fff));
  if (ip.protocol == IPPROTO_UDP && is_first && bpf_skb_load_bytes(skb, ETH_HLEN + ip.ihl * 4, &udp, sizeof udp))
    return GUEST_HEADER_CHAIN;
  // Clients do not ask from where an answer to their port comes.
  if (udp.source == bpf_htons(67) || udp.dest == bpf_htons(68)) return GUEST_DHCP_SERVER;
  // Somebody without an address asks for one (RFC 2131).
  if (!ip.saddr && udp.dest == bpf_htons(67)) return LEGITIMATE;
  return declares4(index, port, ip.saddr) ? LEGITIMATE : GUEST_FOREIGN_ADDRESS;
}

// Where in a packet's headers one is.
struct chain {
  __u32 at;
  __u32 end;
  int is_fragment;
  int is_anonymous;  // from ::
};

static __always_inline int read(struct __sk_buff *skb, const struct chain *chain, void *to, __u32 length) {
  return chain->at + length > chain->end || bpf_skb_load_bytes(skb, chain->at, to, length);
}

// Listener reports, and solicitations of routers and neighbours: all that somebody without an address may say
// (RFC 3590, RFC 4861).
static __always_inline int may_be_anonymous(__u8 type) {
  return type == 131 || type == 132 || type == 133 || type == 135 || type == 143;
}

static __always_inline __u32 check_icmp6(
    struct __sk_buff *skb, const struct chain *chain, __u32 index, const struct port *port) {
  struct {
    struct icmp6hdr header;
    struct in6_addr target;
  } message;
  __u8 type;
  if (read(skb, chain, &type, 1)) return GUEST_HEADER_CHAIN;
  // Neighbour discovery is never fragmented (RFC 6980): its first piece could hide the rest.
  if (chain->is_fragment && type >= 133 && type <= 137) return GUEST_HEADER_CHAIN;
  if ((type == 134 || type == 137) && !(port->flags & PORT_ROUTER)) return GUEST_ROUTER_ADVERTISEMENT;
  if (chain->is_anonymous && !may_be_anonymous(type)) return GUEST_FOREIGN_ADDRESS;
  // Who has no address yet claims the one that it asks for (RFC 4862, 5.4), and would keep another from taking it.
  if (type != 136 && !(type == 135 && chain->is_anonymous)) return LEGITIMATE;
  if (read(skb, chain, &message, sizeof message)) return GUEST_FOREIGN_NEIGHBOUR;
  return declares6(index, port, &message.target) ? LEGITIMATE : GUEST_FOREIGN_NEIGHBOUR;
}

// Not static: the verifier looks at it once.
__attribute__((noinline)) int check_ipv6(struct __sk_buff *skb, __u32 index) {
  const struct port *port = bpf_map_lookup_elem(&ports, &index);
  struct ipv6hdr ip;
  if (!port || bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof ip) || ip.version != 6) return GUEST_FOREIGN_ADDRESS;
  const __u32 *words = ip.saddr.in6_u.u6_addr32;
  struct chain chain = {.at = ETH_HLEN + sizeof ip, .is_anonymous = !(words[0] | words[1] | words[2] | words[3])};
  // What stands behind the packet is padding, and no part of the chain; a jumbogram's length is elsewhere (RFC 2675).
  chain.end = ip.payload_len ? chain.at + bpf_ntohs(ip.payload_len) : skb->len;
  if (!(port->flags & PORT_ROUTER) && !chain.is_anonymous && !declares6(index, port, &ip.saddr))
    return GUEST_FOREIGN_ADDRESS;
  __u32 next = ip.nexthdr, legitimate = chain.is_anonymous ? GUEST_FOREIGN_ADDRESS : LEGITIMATE;
  for (int i = 0; i < MAX_EXTENSIONS; i++) {
    __u8 header[8];
    if (next == IPPROTO_ICMPV6) return check_icmp6(skb, &chain, index, port);
    if (next == IPPROTO_UDP) {
      struct udphdr udp;
      if (read(skb, &chain, &udp, sizeof udp)) return GUEST_HEADER_CHAIN;
      // A server's port, or what clients listen at whatever the sender's port (RFC 7610).
      int serves = udp.source == bpf_htons(547) || udp.dest == bpf_htons(546);
      return serves && !(port->flags & PORT_ROUTER) ? GUEST_DHCP_SERVER : legitimate;
    }
    if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
      return legitimate;
    if (read(skb, &chain, header, sizeof header)) return GUEST_HEADER_CHAIN;
    if (next == IPPROTO_FRAGMENT) {
      chain.is_fragment = 1;
      // What follows the first piece has no header of its own; without the first it is never put together.
      if (((header[2] << 8 | header[3]) & 0xfff8) != 0) return legitimate;
      chain.at += 8;
    } else {
      chain.at += (header[1] + 1) * 8;
    }
    next = header[0];
  }
  return GUEST_HEADER_CHAIN;
}

// Some systems take what stands behind LLC and SNAP (RFC 1042, IEEE 802.1H) for what it would be without them
// (CVE-2021-27854).
static __always_inline __u32 check_llc(struct __sk_buff *skb) {
  __u8 header[6];
  if (bpf_skb_load_bytes(skb, ETH_HLEN, header, sizeof header) || (header[0] & 0xfe) != 0xaa) return LEGITIMATE;
  return header[3] || header[4] || (header[5] && header[5] != 0xf8) ? LEGITIMATE : GUEST_HEADER_CHAIN;
}

// The reason why a frame must not pass, or LEGITIMATE.
static __always_inline __u32 check_addresses(struct __sk_buff *skb, __u32 index, const struct port *port, __be16 type) {
  if (type == bpf_htons(ETH_P_IP)) return check_ipv4(skb, index, port);
  if (type == bpf_htons(ETH_P_IPV6)) return check_ipv6(skb, index);
  if (type == bpf_htons(ETH_P_ARP)) return check_arp(skb, index, port);
  return bpf_ntohs(type) < ETH_P_802_3_MIN ? check_llc(skb) : LEGITIMATE;
}
