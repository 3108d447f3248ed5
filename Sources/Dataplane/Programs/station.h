// Where stations are: those that the plan knows, and those that were learned.
#pragma once
#include "tables.h"

static __always_inline struct station station_of(__u32 network, const __u8 *mac) {
  struct station station = {.network = network};
  __builtin_memcpy(station.mac, mac, ETH_ALEN);
  return station;
}

static __always_inline void refresh(struct sighting *known, __u64 now) {
  // A write a frame would make the entry's cache line travel between processors.
  if (now - known->seen > SECOND) known->seen = now;
}

// Learns that a station is behind another host.
static __always_inline void learn_exit(const struct station *station, __u32 exit, __u64 now) {
  struct sighting *known = bpf_map_lookup_elem(&sightings, station);
  if (known && !known->port && known->exit == exit) return refresh(known, now);
  struct sighting fresh = {.exit = exit, .seen = now};
  bpf_map_update_elem(&sightings, station, &fresh, BPF_ANY);
}

// Learns that a station is at a port; false where the port has as many as it may have, and none of them has been
// silent for the ageing time or has moved away. Looks at a few of its slots at a time, the next ones at the next frame.
static __always_inline int learn_port(
    const struct station *station, __u32 index, const struct port *port, __u32 ageing, __u64 now) {
  struct sighting *known = bpf_map_lookup_elem(&sightings, station);
  if (known && known->port == index && !is_past(known->seen, now, ageing)) {
    refresh(known, now);
    return 1;
  }
  struct meter *meter = bpf_map_lookup_elem(&meters, &index);
  if (!meter || !port->macs) return 0;
  for (int i = 0; i < 8; i++) {
    struct slot slot = {.port = index, .number = meter->cursor++ % port->macs};
    struct station *holder = bpf_map_lookup_elem(&slots, &slot);
    struct sighting *seen = holder ? bpf_map_lookup_elem(&sightings, holder) : 0;
    if (seen && seen->port == index && !is_past(seen->seen, now, ageing)) continue;
    struct sighting fresh = {.port = index, .seen = now};
    bpf_map_update_elem(&slots, &slot, station, BPF_ANY);
    bpf_map_update_elem(&sightings, station, &fresh, BPF_ANY);
    return 1;
  }
  return 0;
}

// Where a station was seen within the ageing time. An LRU map may give an entry to another station at any moment: the
// caller checks that what it gets belongs to the station's network.
static __always_inline int find(const struct station *station, __u32 ageing, __u64 now, struct sighting *at) {
  struct sighting *known = bpf_map_lookup_elem(&sightings, station);
  if (!known || is_past(known->seen, now, ageing)) return 0;
  *at = *known;
  return 1;
}
