// Files to begin with.

export const examples = [
  ["Two machines on a segment", `# The smallest useful file: two machines on one segment.
name: hello
lease: {duration: 2h}
nodes:
  left:  {cpu: 0.25, memory: 64MiB}
  right: {cpu: 0.25, memory: 64MiB}
segments:
  lan: {members: [left, right], addresses: 192.0.2.0/24}
`],
  ["A cluster with a router and a wire", `# Workers on a segment with a guaranteed rate, and a router from which a wire leads to a machine elsewhere.
name: cluster
lease: {duration: 4h}
nodes:
  worker[1-4]: {cpu: 1, memory: 128MiB}
  gw:          {kind: router, cpu: 0.5}
  far:         {cpu: 1, memory: 128MiB}
segments:
  lan:
    members: ["worker[1-4]", gw]
    addresses: [10.1.0.0/24, "fd00:1::/64"]
    rate: {min: 100Mbit/s}
wires:
  - {ends: [gw, far], addresses: 10.2.0.0/30, rate: 200Mbit/s, latency: {max: 10ms}}
`],
  ["A reservation that accepts less", `# Less than four cores would do; no two solvers on one host.
name: tonight
lease: {duration: 8h}
defaults: {cpu: {min: 1, max: 4}, memory: 256MiB}
nodes:
  solver[1-3]: {}
  front: {cpu: 1}
segments:
  lan: {members: ["solver[1-3]", front], addresses: 10.20.0.0/24, rate: {min: 50Mbit/s, max: 400Mbit/s}}
placement:
  - {apart: ["solver[1-3]"]}
`],
];
