// Joins a machine's interface with the device of its host, for tc's clsact hooks (tc-bpf(8)):
//
//   cross    ingress of the interface, and of the cable from the device: a frame of one of VirtCloud's VLANs goes out
//            through the other; on the interface everything else is the machine's own, from the device nothing else
//            comes through
//
// A VLAN tag travels in skb metadata (skb->vlan_tci): bpf_redirect leaves it there.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct crossing {
  __u32 other;    // interface index
  __u32 is_own;   // what is not VirtCloud's goes on into the machine
  __u64 vlans[64];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct crossing);
} crossings SEC(".maps");

SEC("tc")
int cross(struct __sk_buff *skb) {
  __u32 index = skb->ifindex;
  struct crossing *crossing = bpf_map_lookup_elem(&crossings, &index);
  if (!crossing) return TC_ACT_UNSPEC;
  int refused = crossing->is_own ? TC_ACT_UNSPEC : TC_ACT_SHOT;
  if (!skb->vlan_present || skb->vlan_proto != bpf_htons(ETH_P_8021Q)) return refused;
  __u32 vlan = skb->vlan_tci & 0xfff;
  if (!(crossing->vlans[vlan >> 6] >> (vlan & 63) & 1)) return refused;
  // The machine's queueing disciplines do not know our classes.
  skb->priority = 0;
  return bpf_redirect(crossing->other, 0);
}

char _license[] SEC("license") = "Dual MIT/GPL";
