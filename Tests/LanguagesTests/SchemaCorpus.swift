/// Files, good and bad, on which schema and reader must agree.
enum SchemaCorpus {
  static func examples(isSubstrate: Bool) throws -> [String] {
    let names =
      isSubstrate
      ? ["metacenter.substrate.yaml"] : ["mpi-lab.vc.yaml", "mpi-lab-twin.vc.yaml", "hello.vc.yaml", "tonight.vc.yaml"]
    return try names.map { try String(decoding: bytes(of: "examples/\($0)"), as: UTF8.self) }
  }

  private static let nodes = "name: lab\nnodes: {a: {}, b: , gw: {kind: router}}\n"

  static let infrastructures =
    [
      "lease: {duration: 1h30m}", "lease:", "defaults: {cpu: 0.5, memory: 1GiB, image: /srv/d, site: brno}",
      "defaults:",
      "groups: {crew: [a, b], none: , one: a}", "segments: {lan: {members: a}}", "segments:", "wires:", "access:",
      "access: {vpn: none, publish: [], allow: }",
      "segments: {lan: {members: [a, \"b:eth7\", {node: gw, interface: up, address: 10.0.0.9}], addresses: 10.0.0.0/8}}",
      "segments: {lan: {members: [a, gw], addresses: [10.0.0.0/8, \"fd00::/64\"], gateway: gw, mtu: 9000}}",
      "segments: {lan: {members: [a], rate: 2.5 Gbit/s, latency: {max: 500us}}}",
      "segments: {lan: {members: [a], rate: {min: 1Mibit/s}}}", "segments: {lan: {members: [a], rate: {}}}",
      "wires: [{ends: [a, \"b:eth1\"], name: cable, type: native, gateway: none}]",
      "wires: [{ends: [a, {node: b, address: [10.0.0.1]}], addresses: 10.0.0.0/31}]",
      "lease: {start: 2027-01-01T08:00:00Z, end: 2027-01-01T09:30:00+01:00}", "lease: {start: 2027-01-01 08:00}",
      "labels: {owner: me, \"a b\": \"\", n: 7, x: 1.5, y: true}", "labels:",
      "wires: [{ends: [a, b], rate: {forward: 1Gbit/s, reverse: {min: 1Mbit/s, max: 2Mbit/s}}, labels: {k: v}}]",
      "wires: [{ends: [a, b], rate: {reverse: {}}}]", "wires: [{ends: [a, b], rate: {max: 1Gbit/s}}]",
      "placement: [{apart: [a, b]}, {together: [b, gw], at: site}]", "placement:", "timeline:",
      "timeline: [{after: 1h}, {after: 2h, nodes: {a: {cpu: 2, memory: 1GiB, storage: 0}, b: }, networks: }]",
      "wires: [{ends: [a, b]}]\ntimeline: [{after: 1h, networks: {a-b: {rate: {forward: 1Gbit/s}}}}]",
      "defaults: {storage: 20GB, location: hall}",
      // Bad:
      "lease: {start: [1]}", "labels: [a]", "labels: {a: [b]}", "labels: {a: }", "placement: {apart: [a, b]}",
      "placement: [a]", "placement: [{apart: {a: b}}]", "placement: [{apart: [a, b], at: rack}]",
      "placement: [{apart: [[a], b]}]", "placement: [{aprat: [a, b]}]", "timeline: [1h]", "timeline: [{nodes: }]",
      "timeline: [{after: [1h]}]", "timeline: [{after: 1h, nodes: [a]}]", "timeline: [{after: 1h, nodes: {a: 2}}]",
      "timeline: [{after: 1h, nodes: {a: {site: x}}}]", "timeline: [{after: 1h, networks: [lan]}]",
      "wires: [{ends: [a, b]}]\ntimeline: [{after: 1h, networks: {a-b: {mtu: 1500}}}]",
      "wires: [{ends: [a, b]}]\ntimeline: [{after: 1h, networks: {a-b: {rate: }}}]",
      "wires: [{ends: [a, b], rate: {forward: }}]", "wires: [{ends: [a, b], rate: {forward: 1Gbit/s, min: 1Gbit/s}}]",
      "lease: []", "lease: {duration: [4h]}", "defaults: {kind: router}", "groups: [a]",
      "segments: []", "segments: {lan: }", "segments: {lan: [a]}",
      "segments: {lan: {members: [[a]]}}", "segments: {lan: {members: [{interface: eth0}]}}",
      "segments: {lan: {members: [{node: a, mac: x}]}}", "segments: {lan: {members: [a], rate: [1Gbit/s]}}",
      "segments: {lan: {members: [a], rate: }}", "segments: {lan: {members: [a], rate: {average: 1Gbit/s}}}",
      "segments: {lan: {members: [a], latency: 10ms}}", "segments: {lan: {members: [a], latency: }}",
      "segments: {lan: {members: [a], latency: {min: 10ms}}}", "segments: {lan: {members: [a], addresses: {a: b}}}",
      "segments: {lan: {members: [a], addresses: }}", "wires: {a: b}", "wires: [[a, b]]", "wires: [{ends: a}]",
      "wires: [{name: x}]", "wires: [{ends: [a, b], type: tunnelling}]", "wires: [{ends: [a, b], typ: auto}]",
      "access: {vpn: wireguard}", "access: {allow: [10.0.0.0/8]}", "access: {ssh: yes}", "access: []", "extra: 1",
    ].map { nodes + $0 }
    + [
      "name: 7\nnodes: {\"w[1-2]\": {cpu: 2}}", "name: lab\nnodes:\n  w[1-2]: {cpu: \"1.5\", memory: 64 MiB}",
      "name: \"${LAB:-lab}\"\nnodes: {a: {cpu: \"${N:-2}\", kind: \"${K:-router}\"}}",
      "name: lab\nnodes:\n  a: {routes: [{to: default, via: 10.0.0.2}]}\nsegments: {s: {members: [a], addresses: 10.0.0.0/8}}",
      "name: lab\nnodes: {a: {storage: 20GB, location: room 2, exclusive: true, labels: {k: v}}, b: {location: 7}}",
      "name: lab\nnodes: {a: {cpu: {min: 1, max: 4}, memory: {min: 1GiB, max: 2GiB}, storage: {min: 0, max: 1GB}}}",
      "name: lab\nnodes: {a: {cpu: {min: 1}}}", "name: lab\nnodes: {a: {cpu: {min: 1, max: 2, step: 1}}}",
      "name: lab\ndefaults: {memory: {min: 1GiB, max: 2GiB}}\nnodes: {a: }", "name: lab\nnodes: {a: {memory: [1GiB]}}",
      "name: lab\nnodes: {a: {exclusive: yes}}", "name: lab\nnodes: {a: {exclusive: [true]}}",
      "name: lab\nnodes: {a: {location: [x]}}", "name: lab\nnodes: {a: {location: }}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: bird, config: x}, nftables: y, qdiscs: }}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: frr, config: x, daemons: [ospfd, \"${D:-bfdd}\"]}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: frr, config: x, daemons: zebra}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: static}}}",
      "name: lab\nnodes: {r: {kind: router, qdiscs: {eth0: pfifo, eth1: [pfifo, limit, 100]}}}\n"
        + "segments: {s: {members: [r]}, t: {members: [r]}}",
      // Bad:
      "name: lab\nnodes: {r: {kind: router, routing: bird}}", "name: lab\nnodes: {r: {kind: router, routing: }}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: [bird]}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: bird, conf: x}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: bird, config: [x]}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: frr, config: x, daemons: {a: b}}}}",
      "name: lab\nnodes: {r: {kind: router, routing: {software: frr, config: x, daemons: }}}",
      "name: lab\nnodes: {r: {kind: router, nftables: }}", "name: lab\nnodes: {r: {kind: router, nftables: [x]}}",
      "name: lab\nnodes: {r: {kind: router, qdiscs: [eth0]}}",
      "name: lab\nnodes: {r: {kind: router, qdiscs: {eth0: }}}",
      "name: lab\nnodes: {r: {kind: router, qdiscs: {eth0: {pfifo: 1}}}}",
      "name: lab\nnodes: {r: {kind: router, qdiscs: {eth0: [[pfifo]]}}}",
      "name: [lab]\nnodes: {a: {}}", "name: lab\nnodes: {a: []}", "name: lab\nnodes: {a: machine}", "name: lab",
      "name: lab\nnodes: {a: {kind: switch}}", "name: lab\nnodes: {a: {routes: default}}", "[]", "name: lab\nnodes: 3",
      "name: lab\nnodes: {a: {routes: [{to: default}]}}", "name: lab\nnodes: {a: {routes: [{via: 10.0.0.1}]}}",
      "name: lab\nnodes: {a: {image: [host]}}", "name: lab\nnodes: {a: {site: {name: brno}}}", "name:\nnodes: {a: }",
    ]

  private static let sites = "name: grid\nsites: {brno: {vlans: \"100-199, 300\"}, prague: {vlans: [7, 100-200]}}\n"
  private static let hosts = "hosts: {h: {site: brno, cpu: 4, memory: 4GiB}}\n"

  static let substrates =
    [
      "", "core: trunk", "core: 802.1ad", "core: mesh", "fast-path: false", "links:", "links: []",
      "links: [{ends: [brno, prague]}]",
      "links: [{ends: [brno, prague], rate: 1Gbit/s, latency: 3ms, mtu: 9000}]",
      "links: [{ends: [brno, prague], latency: 0, price: 7}]", "best-effort: 0%", "best-effort: 15 %",
      // Bad:
      "best-effort: [1]", "links: [{ends: [brno, prague], price: {a: 1}}]", "core: [trunk]", "core: qinq", "core: vpls",
      "links: {a: b}", "links: [brno]", "links: [{ends: brno}]",
      "links: [{rate: 1Gbit/s}]",
      "links: [{ends: [brno, prague], delay: 3ms}]", "links: [{ends: [brno, prague], rate: [1]}]", "link: []",
    ].map { sites + hosts + $0 }
    + [
      sites + "hosts: {h: {site: brno, cpu: 0.5, memory: 1GB, uplink: 10Gbit/s, mtu: 9000, kind: real}}",
      sites + "hosts:\n  h[1-3]: {site: brno, cpu: 4, memory: 4GiB}",
      sites + "hosts:\n  \"h[1-${N:-2}]\": {site: prague, cpu: 4, memory: 4GiB}",
      sites + "hosts: {h: {site: brno}}",
      sites + "hosts: {h: {site: brno, storage: 2TB, slots: 0, location: hall, price: 3}}",
      sites + "hosts: {h: {site: brno, slots: \"7\", storage: 0}}",
      // Bad:
      sites, sites + "hosts: []", sites + "hosts: {h: }", sites + "hosts: {h: {cpu: 4, memory: 4GiB}}",
      sites + "hosts: {h: {site: brno, cpu: 4, memory: 4GiB, kind: virtual}}",
      sites + "hosts: {h: {site: brno, cpu: 4, memory: 4GiB, disk: 1TB}}",
      "name: g\nsites: {brno: {}}\n" + hosts, "name: g\nsites: {brno: {vlans: }}\n" + hosts,
      "name: g\nsites: [brno]\n" + hosts,
      "name: g\nsites: {brno: {vlans: {from: 1}}}\n" + hosts, "name: g\nsites: {brno: {vlans: 1, cpu: 2}}\n" + hosts,
      "sites: {brno: {vlans: 1}}\n" + hosts,
    ]
}
