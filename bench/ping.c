/* Round trips of ICMP echo, in nanoseconds: ping(8) prints microseconds only.
 *
 *   ping ADDRESS COUNT     prints {"rtt_us": median} of COUNT echoes, one after the other */
#include <arpa/inet.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  long long x = *(const long long *)a, y = *(const long long *)b;
  return (x > y) - (x < y);
}

static unsigned short checksum(const unsigned short *words, int count) {
  unsigned sum = 0;
  while (count--) sum += *words++;
  sum = (sum >> 16) + (sum & 0xffff);
  return ~(sum + (sum >> 16));
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int count = atoi(argv[2]), file = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  struct sockaddr_in to = {.sin_family = AF_INET};
  struct timeval limit = {.tv_sec = 1};
  if (file < 0 || count < 1 || count > 1000000 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) return 1;
  setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  long long *times = calloc(count, sizeof *times);
  for (int i = 0; i < count; i++) {
    struct { struct icmphdr header; char payload[48]; } echo = {.header = {.type = ICMP_ECHO}};
    echo.header.un.echo.id = htons(getpid());
    echo.header.un.echo.sequence = htons(i);
    echo.header.checksum = checksum((void *)&echo, sizeof echo / 2);
    unsigned char answer[256];
    long long sent = now();
    if (sendto(file, &echo, sizeof echo, 0, (void *)&to, sizeof to) < 0) return perror("send"), 1;
    for (;;) {
      ssize_t got = recv(file, answer, sizeof answer, 0);
      if (got < 0) return perror("receive"), 1;
      struct icmphdr *header = (void *)(answer + (answer[0] & 15) * 4);
      if (got >= 28 && header->type == ICMP_ECHOREPLY && header->un.echo.sequence == htons(i)) break;
    }
    times[i] = now() - sent;
  }
  qsort(times, count, sizeof *times, ascending);
  printf("{\"rtt_us\": %.3f}\n", times[count / 2] / 1e3);
  return 0;
}
