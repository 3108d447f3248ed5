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
  if (address == port->address) return 1;
  struct declared key = {.port = index, .address = {[10] = 0xff, [11] = 0xff}};
  __builtin_memcpy(key.address + 12, &address, 4);
  return bpf_map_lookup_elem(&addresses, &key) != 0;
}

// Declared, or the link-local address that belongs to its MAC (RFC 4291, appendix A).
static __always_inline int declares6(__u32 index, const struct port *port, const struct in6_addr *address) {
  const __u8 *a = address->s6_addr, *m = (const __u8 *)&port->mac;
  if (a[0] == 0xfe && a[1] == 0x80)
    return !a[2] && !a[3] && !a[4] && !a[5] && !a[6] && !a[7] && a[8] == (m[0] ^ 2) && a[9] == m[1] && a[10] == m[2] &&
           a[11] == 0xff && a[12] == 0xfe && a[13] == m[3] && a[14] == m[4] && a[15] == m[5];
  struct declared key = {.port = index};
  __builtin_memcpy(key.address, a, 16);
  return bpf_map_lookup_elem(&addresses, &key) != 0;
}

static __always_inline __u32 check_arp(struct __sk_buff *skb, __u32 index, const struct port *port) {
  struct arp arp;
  if (bpf_skb_load_bytes(skb, ETH_HLEN, &arp, sizeof arp)) return GUEST_FOREIGN_ARP;
  if (arp.hardware_length != ETH_ALEN || arp.protocol_length != 4) return GUEST_FOREIGN_ARP;
  if (wire_order(arp.sender_mac) != port->mac) return GUEST_FOREIGN_ARP;
  // A probe has no sender yet (RFC 5227).
  return !arp.sender || declares4(index, port, arp.sender) ? LEGITIMATE : GUEST_FOREIGN_ARP;
}

static __always_inline __u32 check_ipv4(struct __sk_buff *skb, __u32 index, const struct port *port) {
  if (port->flags & PORT_ROUTER) return LEGITIMATE;
  struct iphdr ip;
  struct udphdr udp = {};
  if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof ip) || ip.version != 4 || ip.ihl < 5) return GUEST_FOREIGN_ADDRESS;
  int is_first = !(ip.frag_off & bpf_htons(0x1fff));
  if (ip.protocol == IPPROTO_UDP && is_first && bpf_skb_load_bytes(skb, ETH_HLEN + ip.ihl * 4, &udp, sizeof udp))
    return GUEST_HEADER_CHAIN;
  if (udp.source == bpf_htons(67)) return GUEST_DHCP_SERVER;
  // Somebody without an address asks for one (RFC 2131).
  if (!ip.saddr && udp.dest == bpf_htons(67)) return LEGITIMATE;
  return declares4(index, port, ip.saddr) ? LEGITIMATE : GUEST_FOREIGN_ADDRESS;
}

static __always_inline __u32 check_icmp6(
    struct __sk_buff *skb, __u32 at, __u32 index, const struct port *port, int is_fragment) {
  struct {
    struct icmp6hdr header;
    struct in6_addr target;
  } message;
  __u8 type;
  if (bpf_skb_load_bytes(skb, at, &type, 1)) return GUEST_HEADER_CHAIN;
  // Neighbour discovery is never fragmented (RFC 6980): its first piece could hide the rest.
  if (is_fragment && type >= 133 && type <= 137) return GUEST_HEADER_CHAIN;
  if ((type == 134 || type == 137) && !(port->flags & PORT_ROUTER)) return GUEST_ROUTER_ADVERTISEMENT;
  if (type != 136) return LEGITIMATE;
  if (bpf_skb_load_bytes(skb, at, &message, sizeof message)) return GUEST_FOREIGN_NEIGHBOUR;
  return declares6(index, port, &message.target) ? LEGITIMATE : GUEST_FOREIGN_NEIGHBOUR;
}

// Not static: the verifier looks at it once.
__attribute__((noinline)) int check_ipv6(struct __sk_buff *skb, __u32 index) {
  const struct port *port = bpf_map_lookup_elem(&ports, &index);
  struct ipv6hdr ip;
  if (!port || bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof ip) || ip.version != 6) return GUEST_FOREIGN_ADDRESS;
  const __u32 *words = ip.saddr.in6_u.u6_addr32;
  int is_any = !(words[0] | words[1] | words[2] | words[3]);
  if (!(port->flags & PORT_ROUTER) && !is_any && !declares6(index, port, &ip.saddr)) return GUEST_FOREIGN_ADDRESS;
  __u32 at = ETH_HLEN + sizeof ip, next = ip.nexthdr, is_fragment = 0;
  for (int i = 0; i < MAX_EXTENSIONS; i++) {
    __u8 header[8];
    if (next == IPPROTO_ICMPV6) return check_icmp6(skb, at, index, port, is_fragment);
    if (next == IPPROTO_UDP) {
      struct udphdr udp;
      if (bpf_skb_load_bytes(skb, at, &udp, sizeof udp)) return GUEST_HEADER_CHAIN;
      return udp.source == bpf_htons(547) && !(port->flags & PORT_ROUTER) ? GUEST_DHCP_SERVER : LEGITIMATE;
    }
    if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
      return LEGITIMATE;
    if (bpf_skb_load_bytes(skb, at, header, sizeof header)) return GUEST_HEADER_CHAIN;
    if (next == IPPROTO_FRAGMENT) {
      is_fragment = 1;
      // What follows the first piece has no header of its own; without the first it is never put together.
      if (((header[2] << 8 | header[3]) & 0xfff8) != 0) return LEGITIMATE;
      at += 8;
    } else {
      at += (header[1] + 1) * 8;
    }
    next = header[0];
  }
  return GUEST_HEADER_CHAIN;
}

// The reason why a frame must not pass, or LEGITIMATE.
static __always_inline __u32 check_addresses(struct __sk_buff *skb, __u32 index, const struct port *port, __be16 type) {
  if (type == bpf_htons(ETH_P_IP)) return check_ipv4(skb, index, port);
  if (type == bpf_htons(ETH_P_IPV6)) return check_ipv6(skb, index);
  return type == bpf_htons(ETH_P_ARP) ? check_arp(skb, index, port) : LEGITIMATE;
}
