/* The floor of `up` and `down`: the same namespaces, links and addresses through batched raw rtnetlink
 * in one process, and nothing else: no machine processes, no mounts, no control groups, no store.
 *
 *   floor N        prints {"up_ms": …, "down_ms": …}
 *
 * One segment: a bridge in a namespace of its own, N veth pairs with one end in it and the other end in
 * a namespace each, an IPv4 address on every far end. Down is one delete of the link group; it is timed
 * until a dump shows that no link of the group is left. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 7, BRIDGE_INDEX = 1000, MESSAGE = 512 };

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static struct nlmsghdr *start(char *at, int type, int flags, const void *header, size_t length) {
  struct nlmsghdr *message = (struct nlmsghdr *)at;
  memset(message, 0, NLMSG_LENGTH(length));
  message->nlmsg_type = type;
  message->nlmsg_flags = NLM_F_REQUEST | flags;
  message->nlmsg_len = NLMSG_LENGTH(length);
  memcpy(NLMSG_DATA(message), header, length);
  return message;
}

static struct rtattr *put(struct nlmsghdr *message, int type, const void *data, size_t length) {
  struct rtattr *attribute = (struct rtattr *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(length);
  if (length) memcpy(RTA_DATA(attribute), data, length);
  message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
  return attribute;
}

static void finish(struct nlmsghdr *message, struct rtattr *nest) {
  nest->rta_len = (char *)message + message->nlmsg_len - (char *)nest;
}

static int open_socket(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), size = 16 << 20;
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  return fd;
}

/* Sends everything at once; the last message asks for the acknowledgement, errors come unasked. */
static void commit(int fd, char *buffer, size_t length, struct nlmsghdr *last) {
  static char answer[1 << 20];
  last->nlmsg_flags |= NLM_F_ACK;
  if (send(fd, buffer, length, 0) < 0) die("send");
  for (;;) {
    ssize_t got = recv(fd, answer, sizeof answer, 0);
    if (got < 0) die("recv");
    for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, (size_t)got); m = NLMSG_NEXT(m, got)) {
      if (m->nlmsg_type != NLMSG_ERROR) continue;
      errno = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
      if (errno) die("rtnetlink");
      return;
    }
  }
}

static size_t put_bridge(char *at) {
  struct ifinfomsg link = {.ifi_index = BRIDGE_INDEX, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  struct nlmsghdr *m = start(at, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
  int group = GROUP;
  put(m, IFLA_IFNAME, "br", 3);
  put(m, IFLA_GROUP, &group, 4);
  struct rtattr *info = put(m, IFLA_LINKINFO, NULL, 0);
  put(m, IFLA_INFO_KIND, "bridge", 6);
  finish(m, info);
  return NLMSG_ALIGN(m->nlmsg_len);
}

static struct nlmsghdr *put_veth(char *at, int i, int namespace) {
  struct ifinfomsg link = {.ifi_flags = IFF_UP, .ifi_change = IFF_UP}, peer = {.ifi_index = 2};
  struct nlmsghdr *m = start(at, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
  char name[16];
  int group = GROUP, master = BRIDGE_INDEX;
  put(m, IFLA_IFNAME, name, snprintf(name, sizeof name, "p%d", i) + 1);
  put(m, IFLA_GROUP, &group, 4);
  put(m, IFLA_MASTER, &master, 4);
  struct rtattr *info = put(m, IFLA_LINKINFO, NULL, 0);
  put(m, IFLA_INFO_KIND, "veth", 4);
  struct rtattr *data = put(m, IFLA_INFO_DATA, NULL, 0);
  struct rtattr *other = put(m, VETH_INFO_PEER, &peer, sizeof peer);
  put(m, IFLA_IFNAME, "eth0", 5);
  put(m, IFLA_NET_NS_FD, &namespace, 4);
  finish(m, other);
  finish(m, data);
  finish(m, info);
  return m;
}

static void configure(int fd, int i) {
  char buffer[3 * MESSAGE];
  size_t used = 0;
  for (int index = 1; index <= 2; index++) {
    struct ifinfomsg link = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    used += NLMSG_ALIGN(start(buffer + used, RTM_NEWLINK, 0, &link, sizeof link)->nlmsg_len);
  }
  struct ifaddrmsg header = {.ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = 2};
  struct nlmsghdr *m = start(buffer + used, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
  unsigned address = htonl(0x0a000001 + i);
  put(m, IFA_LOCAL, &address, 4);
  put(m, IFA_ADDRESS, &address, 4);
  commit(fd, buffer, used + NLMSG_ALIGN(m->nlmsg_len), m);
}

static int links_left(int fd) {
  static char answer[1 << 16];
  struct { struct nlmsghdr h; struct ifinfomsg i; } dump = {
      {.nlmsg_len = sizeof dump, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}, {0}};
  if (send(fd, &dump, sizeof dump, 0) < 0) die("send");
  for (int count = 0;;) {
    ssize_t got = recv(fd, answer, sizeof answer, 0);
    if (got < 0) die("recv");
    for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, (size_t)got); m = NLMSG_NEXT(m, got)) {
      if (m->nlmsg_type == NLMSG_DONE) return count;
      count += ((struct ifinfomsg *)NLMSG_DATA(m))->ifi_index != 1;
    }
  }
}

static int new_namespace(int *socket_inside) {
  if (unshare(CLONE_NEWNET)) die("unshare");
  *socket_inside = open_socket();
  int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (fd < 0) die("namespace");
  return fd;
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 0;
  if (n < 1 || n > 4000) return fprintf(stderr, "usage: floor N (1 to 4000)\n"), 2;
  int *sockets = calloc(n, sizeof *sockets), *namespaces = calloc(n, sizeof *namespaces), host;
  char *buffer = calloc(n + 1, MESSAGE);

  double begin = milliseconds();
  new_namespace(&host);
  for (int i = 0; i < n; i++) namespaces[i] = new_namespace(&sockets[i]);
  size_t used = put_bridge(buffer);
  struct nlmsghdr *last = NULL;
  for (int i = 0; i < n; i++) {
    last = put_veth(buffer + used, i, namespaces[i]);
    used += NLMSG_ALIGN(last->nlmsg_len);
  }
  commit(host, buffer, used, last);
  for (int i = 0; i < n; i++) configure(sockets[i], i);
  double up = milliseconds() - begin;

  begin = milliseconds();
  struct ifinfomsg none = {0};
  int group = GROUP;
  struct nlmsghdr *m = start(buffer, RTM_DELLINK, 0, &none, sizeof none);
  put(m, IFLA_GROUP, &group, 4);
  commit(host, buffer, m->nlmsg_len, m);
  if (links_left(host)) return fprintf(stderr, "links are left\n"), 1;
  printf("{\"up_ms\": %.2f, \"down_ms\": %.2f}\n", up, milliseconds() - begin);
  return 0;
}
