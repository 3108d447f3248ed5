#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("tc") int guest(struct __sk_buff *skb) { (void)skb; return 0; }
char _license[] SEC("license") = "Dual MIT/GPL";
