#include "Loops.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#define LARGEST 1400
#define PATIENCE (SECOND / 4)

int ct_echo(int socket, int busy, uint64_t until, const int *stop) {
  char datagram[2048];
  while (ct_now() < until && !is_raised(stop)) {
    struct sockaddr_storage from;
    socklen_t length = sizeof from;
    ssize_t count = recvfrom(socket, datagram, sizeof datagram, busy ? MSG_DONTWAIT : 0, (void *)&from, &length);
    if (count < 0 && !is_pause(errno) && !is_refusal(errno)) return -1;
    if (count < 0) continue;
    if (sendto(socket, datagram, (size_t)count, 0, (void *)&from, length) < 0 && !is_pause(errno) &&
        !is_refusal(errno))
      return -1;
  }
  return 0;
}

static uint16_t checksum(const uint8_t *octets, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < count; i += 2) sum += (uint32_t)octets[i] << 8 | octets[i + 1];
  if (count & 1) sum += (uint32_t)octets[count - 1] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons((uint16_t)~sum);
}

/// Octets before the mark: the ICMP header, which the UDP kind leaves out.
static size_t compose(const struct ct_pings *pings, uint8_t *datagram, struct mark mark) {
  size_t header = pings->icmp ? 8 : 0;
  memcpy(datagram + header, &mark, sizeof mark);
  if (!pings->icmp) return pings->payload;
  struct icmphdr echo = {.type = pings->icmp == 6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO};
  memcpy(datagram, &echo, sizeof echo);
  // The kernel fills in the checksum of ICMPv6 only (RFC 3542 section 3.1).
  if (pings->icmp == 4) {
    echo.checksum = checksum(datagram, header + pings->payload);
    memcpy(datagram, &echo, sizeof echo);
  }
  return header + pings->payload;
}

static int is_answer(const struct ct_pings *pings, const uint8_t *datagram, ssize_t count, struct mark mark) {
  size_t offset = pings->icmp == 4 ? (size_t)(datagram[0] & 15) * 4 + 8 : pings->icmp ? 8 : 0;
  if (count < (ssize_t)(offset + sizeof mark)) return 0;
  if (pings->icmp == 4 && datagram[offset - 8] != ICMP_ECHOREPLY) return 0;
  return memcmp(datagram + offset, &mark, sizeof mark) == 0;
}

/// Waits for the answer: 1, or 0 where it does not come in time, or -1.
static int await(const struct ct_pings *pings, struct mark mark, uint64_t sent) {
  uint8_t answer[LARGEST + 128];
  for (;;) {
    ssize_t count = recv(pings->socket, answer, sizeof answer, pings->busy ? MSG_DONTWAIT : 0);
    if (count >= 0 && is_answer(pings, answer, count, mark)) return 1;
    if (count < 0 && !is_pause(errno) && !is_refusal(errno)) return -1;
    if (count < 0 && (ct_now() - sent > PATIENCE || is_raised(pings->stop))) return 0;
  }
}

int ct_ping(struct ct_pings *pings) {
  uint8_t datagram[LARGEST + 8] = {0};
  if (pings->payload < sizeof(struct mark) || pings->payload > LARGEST) {
    errno = EINVAL;
    return -1;
  }
  struct mark mark = {.flow = (uint64_t)(uintptr_t)pings ^ ct_now()};
  pings->taken = pings->lost = 0;
  while (pings->taken + pings->lost < pings->count && ct_now() < pings->until && !is_raised(pings->stop)) {
    size_t length = compose(pings, datagram, mark);
    uint64_t sent = ct_now();
    if (send(pings->socket, datagram, length, 0) < 0 && !is_pause(errno) && !is_refusal(errno)) return -1;
    int answered = await(pings, mark, sent);
    if (answered < 0) return -1;
    if (answered) pings->times[pings->taken++] = ct_now() - sent;
    else if (!is_raised(pings->stop)) pings->lost++;
    mark.number++;
  }
  return 0;
}
