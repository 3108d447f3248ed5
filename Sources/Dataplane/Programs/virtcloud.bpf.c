// The data plane's programs, all for tc's clsact hooks (tc-bpf(8)):
//
//   guard    ingress of a guest's port: what a guest may not send stops here; known unicast, and everything on a wire,
//            goes on to where it belongs without passing a bridge
//   tag      egress of a network's trunk port: a frame leaves its bridge for other hosts, in every way there is
//   untag    ingress of a host's uplink: a frame loses its tag or envelope and goes to its port or bridge
//   forward  ingress of every port of an emulated site switch: a learning, VLAN-translating switch, which also hands
//            on VXLAN by network and destination
//
// Each device (a host, a site's switch) loads its own copy, the programs of its role only, in a network namespace of
// its own, so interface indices are unique keys. Runs on Linux 5.15 and later. A VLAN tag travels in skb metadata
// (skb->vlan_tci), as with hardware offload: segmentation and checksum offload keep working, lengths do not change.
//
// Between namespaces a frame goes on within the same softirq (`bpf_redirect_peer`) wherever nothing is queued in
// between: a path of any number of emulated hops costs one hop.
#include "addresses.h"
#include "station.h"
#include "switch.h"
#include "tables.h"
#include "vxlan.h"
#include "watch.h"

// Hands a frame to a guest. `is_own`: its destination is the guest's own station; whatever else it is, the kernel must
// class its destination anew, which it does where the frame crosses the cable.
static __always_inline int deliver(struct __sk_buff *skb, __u32 index, const struct port *port, int is_own) {
  count(skb, TO_GUEST, index);
  if (is_own && !(port->flags & PORT_QUEUED)) return bpf_redirect_peer(index, 0);
  return bpf_redirect(index, 0);
}

// Puts a tag or an envelope on.
static __always_inline int dress(struct __sk_buff *skb, const struct way *way) {
  if (!(way->tag & TAG_VNI)) return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), way->tag);
  // The least Ethernet frame: what is shorter could not be taken out of its envelope again.
  if (skb->len < ETH_ZLEN && bpf_skb_change_tail(skb, ETH_ZLEN, 0)) return -1;
  return wrap(skb, way);
}

// Sends a frame from a guest's port to another host.
static __always_inline int leave(struct __sk_buff *skb, __u32 network, __u32 index, __be16 type) {
  struct exit key = {.network = network, .index = index};
  struct way *found = bpf_map_lookup_elem(&exits, &key);
  if (!found) return drop(NETWORK_UNKNOWN);
  struct way way = *found;
  if (dress(skb, &way)) return drop(TUNNEL_TOO_LARGE);
  skb->priority = way.class;
  int keeps_type = !(way.tag & TAG_VNI) || type == bpf_htons(ETH_P_IP) || type == bpf_htons(ETH_P_IPV6);
  return way.flags & WAY_PEER && keeps_type ? bpf_redirect_peer(way.uplink, 0) : bpf_redirect(way.uplink, 0);
}

// Of the IP packet, or of the least one that a frame becomes which waits for segmentation: no header of IP and UDP is
// shorter.
static __always_inline __u32 packet_length(struct __sk_buff *skb, __be16 type) {
  if (!skb->gso_size) return skb->len - ETH_HLEN;
  return skb->gso_size + (type == bpf_htons(ETH_P_IPV6) ? 48 : 28);
}

static __always_inline int is_flood_due(__u32 index, const struct port *port) {
  struct meter *meter = bpf_map_lookup_elem(&meters, &index);
  if (!meter || !port->gap) return 1;
  // A leaky bucket of 100 ms; processors that look at once may let a frame more pass.
  __u64 now = bpf_ktime_get_ns(), due = meter->flooded > now ? meter->flooded : now;
  if (due - now > SECOND / 10) return 0;
  meter->flooded = due + port->gap;
  return 1;
}

// Nearest-bridge group addresses, 01:80:c2:00:00:00 to 0f (IEEE 802.1Q-2018, table 8-1): spanning tree 00, LACP 02,
// LLDP 0e, 03 and 00.
static __always_inline int is_control(const __u8 *to) {
  return to[0] == 0x01 && to[1] == 0x80 && to[2] == 0xc2 && !to[3] && !to[4] && to[5] < 0x10;
}

static __always_inline int passes_control(const struct port *port, __u8 last, __be16 type) {
  if (type == bpf_htons(0x88cc)) return port->flags & PORT_PASS_LLDP && (last == 0 || last == 3 || last == 0xe);
  return last == 0 ? port->flags & PORT_PASS_STP : last == 2 && port->flags & PORT_PASS_LACP;
}

static __always_inline int on_wire(struct __sk_buff *skb, __u32 index, const struct port *port, __u64 to, __be16 type) {
  if (port->loss && bpf_get_prandom_u32() < port->loss) return drop_at(index, WIRE_LOSS);
  if (!port->peer) return leave(skb, port->network, 0, type);
  const struct port *peer = bpf_map_lookup_elem(&ports, &port->peer);
  return peer ? deliver(skb, port->peer, peer, to == peer->mac) : drop(GUEST_UNKNOWN_PORT);
}

static __always_inline int on_segment(
    struct __sk_buff *skb, __u32 index, const struct port *port, const struct ethhdr *frame) {
  struct network *network = bpf_map_lookup_elem(&networks, &port->network);
  if (!network) return drop_at(index, NETWORK_UNKNOWN);
  struct station target = station_of(port->network, frame->h_dest);
  __be16 type = frame->h_proto;
  // A tick's precision is enough for minutes of ageing, and costs no read of the clock.
  __u64 now = bpf_ktime_get_coarse_ns();
  if (network->flags & NETWORK_LEARNS) {
    struct station source = station_of(port->network, frame->h_source);
    if (!learn_port(&source, index, port, network->ageing, now)) return drop_at(index, GUEST_MAC_LIMIT);
  }
  if (network->flags & NETWORK_FAST && !(target.mac[0] & 1)) {
    __u32 *resident = bpf_map_lookup_elem(&residents, &target);
    struct sighting at = {};
    if (resident) {
      at.port = *resident;
    } else if (!find(&target, network->ageing, now, &at)) {
      // The plan knows every station here: one that it does not know is elsewhere.
      if (network->flags & NETWORK_LEARNS || network->exits != 1) goto flood;
    }
    if (at.port) {
      // The station is where the frame comes from: it has it already.
      if (at.port == index) return TC_ACT_SHOT;
      const struct port *other = bpf_map_lookup_elem(&ports, &at.port);
      // A port whose guest moved to another network since.
      if (!other || other->network != port->network) goto flood;
      return deliver(skb, at.port, other, wire_order(target.mac) == other->mac);
    }
    return leave(skb, port->network, at.exit, type);
  }
flood:
  return is_flood_due(index, port) ? TC_ACT_OK : drop_at(index, GUEST_STORM);
}

static __noinline int guard_frame(struct __sk_buff *skb) {
  void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
  struct ethhdr *header = data;
  __u32 index = skb->ifindex;
  if (data + sizeof *header > end) return drop_at(index, GUEST_TOO_SHORT);
  struct ethhdr frame = *header;
  const struct port *port = bpf_map_lookup_elem(&ports, &index);
  if (!port) return drop(GUEST_UNKNOWN_PORT);
  count(skb, FROM_GUEST, index);
  // The kernel moves a frame's outermost tag into the metadata; an inner one stays in the payload.
  if (skb->vlan_present || is_vlan(frame.h_proto)) return drop_at(index, GUEST_TAGGED);
  // MAC control, and so pause, is for the two ends of one cable, whatever its destination (IEEE 802.3, annex 31B).
  int is_pause = frame.h_proto == bpf_htons(0x8808);
  if (is_pause || (is_control(frame.h_dest) && !passes_control(port, frame.h_dest[5], frame.h_proto)))
    return drop_at(index, GUEST_CONTROL_FRAME);
  __u64 source = wire_order(frame.h_source);
  if (port->flags & PORT_ANY_SOURCE ? !source || frame.h_source[0] & 1 : source != port->mac)
    return drop_at(index, GUEST_FOREIGN_SOURCE);
  // The kernel checks lengths where a frame crosses a cable, and by some cables it is led past here.
  if (port->mtu && packet_length(skb, frame.h_proto) > port->mtu)
    return drop_at(index, GUEST_TOO_LONG);
  if (port->flags & PORT_ADDRESSES) {
    __u32 reason = check_addresses(skb, index, port, frame.h_proto);
    if (reason != LEGITIMATE) return drop_at(index, reason);
  }
  return port->flags & PORT_WIRE ? on_wire(skb, index, port, wire_order(frame.h_dest), frame.h_proto)
                                 : on_segment(skb, index, port, &frame);
}

static __noinline int tag_frame(struct __sk_buff *skb) {
  __u32 index = skb->ifindex, *number = bpf_map_lookup_elem(&trunks, &index);
  struct network *network = number ? bpf_map_lookup_elem(&networks, number) : 0;
  if (!network) return drop(TRUNK_UNKNOWN_VLAN);
  __u32 id = *number, length = skb->len, ways = network->exits;
  // A second tag would become the inner one: what is tagged already stays in its bridge.
  if (skb->vlan_present) return drop(TRUNK_STACKED);
  struct exit key = {.network = id};
  struct way *found = bpf_map_lookup_elem(&exits, &key);
  if (!found) return drop(TRUNK_UNKNOWN_VLAN);
  struct way way = *found;
  if (dress(skb, &way)) return drop(TRUNK_STACKED);
  // Head-end replication: a copy for every other host, the same frame in another envelope.
  __u32 hash = skb->hash;
  for (__u32 i = 1; i < MAX_EXITS && i < ways; i++) {
    skb->priority = way.class;
    bpf_clone_redirect(skb, way.uplink, 0);
    key.index = i;
    found = bpf_map_lookup_elem(&exits, &key);
    if (!found) return TC_ACT_SHOT;
    way = *found;
    if (address_envelope(skb, &way, length < ETH_ZLEN ? ETH_ZLEN : length, hash)) return drop(TUNNEL_TOO_LARGE);
  }
  skb->priority = way.class;
  return bpf_redirect(way.uplink, 0);
}

// Hands a frame that came from another host to its port or bridge; its header is `frame`.
static __always_inline int arrive(struct __sk_buff *skb, const struct origin *origin, const struct ethhdr *frame) {
  int keeps_type = skb->protocol == frame->h_proto;
  if (origin->port) {
    const struct port *port = bpf_map_lookup_elem(&ports, &origin->port);
    if (!port) return drop(GUEST_UNKNOWN_PORT);
    return deliver(skb, origin->port, port, keeps_type && wire_order(frame->h_dest) == port->mac);
  }
  struct network *network = bpf_map_lookup_elem(&networks, &origin->network);
  if (!network) return drop(NETWORK_UNKNOWN);
  __u64 now = bpf_ktime_get_coarse_ns();
  if ((network->flags & NETWORK_LEARNS || network->exits > 1) && !(frame->h_source[0] & 1)) {
    struct station source = station_of(origin->network, frame->h_source);
    learn_exit(&source, origin->exit, now);
  }
  if (network->flags & NETWORK_FAST && !(frame->h_dest[0] & 1)) {
    struct station target = station_of(origin->network, frame->h_dest);
    struct sighting at = {};
    __u32 *resident = bpf_map_lookup_elem(&residents, &target);
    if (resident) at.port = *resident;
    else if (network->flags & NETWORK_LEARNS) find(&target, network->ageing, now, &at);
    // Nobody here is meant: the bridge would show it to all, at a rate that no guest's port has held.
    else return TC_ACT_SHOT;
    const struct port *port = at.port ? bpf_map_lookup_elem(&ports, &at.port) : 0;
    if (port && port->network == origin->network)
      return deliver(skb, at.port, port, keeps_type && wire_order(target.mac) == port->mac);
  }
  // The bridge sees the frame arrive on the trunk port; the kernel classes its destination anew on the way.
  return bpf_redirect(network->trunk, BPF_F_INGRESS);
}

static __noinline int untag_frame(struct __sk_buff *skb) {
  __u32 reason;
  struct envelope envelope;
  struct arrival from = {.uplink = skb->ifindex, .tag = trunk_vlan(skb, &reason)};
  if (!from.tag && !skb->vlan_present && !read_envelope(skb, &envelope)) {
    from.tag = vni_tag(&envelope);
    from.remote = envelope.ip.saddr;
  }
  if (!from.tag) return drop(reason);
  struct origin *found = bpf_map_lookup_elem(&arrivals, &from);
  if (!found) return drop(TRUNK_UNKNOWN_VLAN);
  struct origin origin = *found;
  struct ethhdr frame;
  if (from.tag & TAG_VNI ? unwrap(skb, &frame) : bpf_skb_vlan_pop(skb) || bpf_skb_load_bytes(skb, 0, &frame, sizeof frame))
    return drop(TRUNK_STACKED);
  return arrive(skb, &origin, &frame);
}

PROGRAM(guard, HOOK_GUARD)
PROGRAM(tag, HOOK_TAG)
PROGRAM(untag, HOOK_UNTAG)
PROGRAM(forward, HOOK_FORWARD)

char _license[] SEC("license") = "Dual MIT/GPL";
