#pragma once
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/pkt_cls.h>
#include <linux/veth.h>
#include <netlink/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <netlink/route/link.h>
#include <netlink/route/addr.h>
#include <netlink/route/route.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/class.h>
#include <netlink/route/qdisc/htb.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/vfs.h>

/* glibc declares these only with _GNU_SOURCE, which Swift's own Glibc module is built without (sched.h). */
extern int setns(int descriptor, int kind);
extern int unshare(int flags);
enum { VIRTCLOUD_CLONE_NEWNET = 0x40000000 };

/* Swift cannot call syscall(2), which is variadic; glibc has no wrapper for bpf(2). */
#include <sys/syscall.h>
extern long syscall(long number, ...);
static inline long virtcloud_bpf(int command, void *attributes, unsigned int size) {
  return syscall(SYS_bpf, command, attributes, size);
}

/* fsopen(2), close-on-exec; glibc 2.36 has the wrapper, older ones do not. */
static inline long virtcloud_fsopen(const char *name) { return syscall(SYS_fsopen, name, 1); }
