import Testing

/// Files with one fault each, and what the fault is.
struct BadInput: Sendable, CustomTestStringConvertible {
  var title: String
  var text: String
  var isSubstrate = false

  var testDescription: String { title }

  /// A file with nodes a, b, c and router gw; the fault is in `rest`.
  private static func lab(_ title: String, _ rest: String) -> BadInput {
    BadInput(title: title, text: "name: lab\nnodes: {a: {}, b: {}, c: {}, gw: {kind: router}}\n" + rest)
  }

  /// A file with one segment of all four.
  private static func lan(_ title: String, _ settings: String, members: String = "a, b, c, gw") -> BadInput {
    lab(title, "segments:\n  lan:\n    members: [\(members)]\n    \(settings)")
  }

  private static func nodes(_ title: String, _ nodes: String) -> BadInput {
    BadInput(title: title, text: "name: lab\nnodes:\n  \(nodes)")
  }

  private static func grid(_ title: String, _ rest: String) -> BadInput {
    BadInput(
      title: title, text: "name: grid\nsites:\n  brno: {vlans: 100-199}\n  prague: {vlans: 150-249}\n" + rest,
      isSubstrate: true)
  }

  private static let hosts = "hosts: {\"h[1-2]\": {site: brno, cpu: 4, memory: 4GiB}}\n"

  static let all =
    syntax + variables + names + networks + addresses + quantities + routes + leases + rates + placement + timelines
    + labels + routers + substrates + operators

  private static let syntax = [
    BadInput(title: "not YAML", text: "name: lab\nnodes: {a: [1, 2}\n"),
    BadInput(title: "a tab", text: "name: lab\nnodes:\n\ta: {}\n"),
    BadInput(title: "empty", text: ""),
    BadInput(title: "only a word", text: "hello"),
    BadInput(title: "a list", text: "- name: lab"),
    BadInput(title: "control character", text: "name: lab\nnodes: {\u{1}: {}}"),
    BadInput(title: "two documents", text: "name: lab\nnodes: {a: {}}\n---\nname: other\n"),
    BadInput(title: "duplicate key", text: "name: lab\nnodes: {a: {}}\nname: other\n"),
    BadInput(title: "tag", text: "name: !!str lab\nnodes: {a: {}}"),
    BadInput(title: "unknown anchor", text: "name: *lab\nnodes: {a: {}}"),
    BadInput(title: "unknown key", text: "name: lab\nnodes: {a: {}}\nsegmets: {}\n"),
    BadInput(title: "unknown key, far from any", text: "name: lab\nnodes: {a: {}}\nkubernetes: {}\n"),
    BadInput(title: "missing key", text: "nodes: {a: {}}"),
    BadInput(title: "wrong type", text: "name: lab\nnodes: [a, b]"),
    BadInput(title: "a key without value", text: "name: lab\nnodes: {a: {cpu: }}"),
    BadInput(title: "lease as a word", text: "name: lab\nlease: 4h\nnodes: {a: {}}"),
    BadInput(title: "lease of nothing", text: "name: lab\nlease: {duration: 0s}\nnodes: {a: {}}"),
    BadInput(title: "VPN", text: "name: lab\nnodes: {a: {}}\naccess:\n  vpn: openvpn\n  publish: []"),
    BadInput(title: "published port", text: "name: lab\nnodes: {a: {}}\naccess: {publish: [{port: 80}]}"),
    BadInput(title: "no nodes", text: "name: lab\nnodes: {}"),
  ]

  private static let variables = [
    BadInput(title: "undefined variable", text: "name: ${LAB}\nnodes: {a: {}}"),
    BadInput(title: "open variable", text: "name: lab\nnodes: {\"a${N\": {}}"),
    BadInput(title: "malformed variable", text: "name: ${1x}\nnodes: {a: {}}"),
  ]

  private static let names = [
    BadInput(title: "name with space", text: "name: my lab\nnodes: {a: {}}"),
    BadInput(title: "name with quotes", text: "name: '\"lab\"'\nnodes: {a: {}}"),
    BadInput(title: "300 characters", text: "name: \(String(repeating: "x", count: 300))\nnodes: {a: {}}"),
    BadInput(title: "path", text: "name: ../lab\nnodes: {a: {}}"),
    nodes("Unicode", "žluťoučký: {}"),
    nodes("leading dash", "-a: {}"),
    nodes("upper case", "Worker: {}"),
    nodes("duplicate node", "worker[1-4]: {}\n  worker3: {cpu: 2}"),
    nodes("endless range", "w[1-999999999]: {}"),
    nodes("many ranges", "w[1-9999][1-9999]: {}"),
    nodes("falling range", "w[4-1]: {}"),
    nodes("open range", "w[1-4: {}"),
    nodes("uneven padding", "w[01-123]: {}"),
    nodes("padding only above", "w[8-011]: {}"),
    nodes("unknown kind", "a: {kind: ruoter}"),
    nodes("relative image", "a: {image: debian.tar}"),
    nodes("unknown key of a node", "a:\n    cpus: 2"),
    lab("group called like a node", "groups: {a: [b, c]}"),
    lab("twice in a group", "groups:\n  crew: [a, b, a]"),
  ]

  private static let networks = [
    lab("wire to a node that is not there", "wires:\n  - {ends: [gw, d]}"),
    nodes("wire to a misspelt node", "worker: {}\n  far: {}\nwires:\n  - ends: [far, wroker]"),
    lab("wire with one end", "wires:\n  - ends: [a]"),
    lab("wire to a crowd", "groups: {crew: [b, c]}\nwires:\n  - ends: [a, crew]"),
    lab("wire onto itself", "wires:\n  - ends: [a, a]"),
    lab("wire onto its own interface", "wires:\n  - ends: [\"a:eth1\", \"a:eth1\"]"),
    lab("two wires of one name", "wires:\n  - {ends: [a, b], name: x}\n  - {ends: [b, c], name: x}"),
    lab("wire called like a segment", "segments: {x: {members: [a]}}\nwires:\n  - {ends: [a, b], name: x}"),
    nodes(
      "wire between long names",
      "{\(String(repeating: "a", count: 40)): , \(String(repeating: "b", count: 40)): }\nwires:\n"
        + "  - ends: [\(String(repeating: "a", count: 40)), \(String(repeating: "b", count: 40))]"),
    lab("jitter above the delay", "wires:\n  - {ends: [a, b], impair: {delay: 1ms, jitter: 2ms}}"),
    lab("a loss of more than all", "wires:\n  - {ends: [a, b], impair: {loss: 100.1%}}"),
    lab("a segment that passes LLDP", "segments:\n  lan: {members: [a, b], guard: {pass: lldp}}"),
    lab("an unknown guard", "segments:\n  lan: {members: [a, b], guard: address}"),
    lab("no stations", "segments:\n  lan: {members: [a, b], guard: {level: none, stations: 0}}"),
    lab("unknown wire type", "wires:\n  - {ends: [a, b], type: natve}"),
    lan("member that is not there", "mtu: 1500", members: "a, x"),
    lan("member twice", "mtu: 1500", members: "a, b, a"),
    lan("no members", "mtu: 1500", members: ""),
    lan("interface twice", "mtu: 1500", members: "\"a:eth1\", b, \"a:eth1\""),
    lan("long interface", "mtu: 1500", members: "\"a:eth1234567890123\""),
    lan("interface lo", "mtu: 1500", members: "\"a:lo\""),
    lan("interface with a slash", "mtu: 1500", members: "{node: a, interface: eth/1}"),
    lan("gateway that is no router", "gateway: a"),
    lan("gateway that is not there", "gateway: gv"),
    lan("MTU too small", "mtu: 500"),
  ]

  private static let addresses = [
    lan(
      "address twice", "addresses: 10.1.0.0/24", members: "{node: a, address: 10.1.0.9}, {node: b, address: 10.1.0.9}"),
    lan("address outside", "addresses: 10.1.0.0/24", members: "{node: a, address: 10.2.0.9}"),
    lan("address without network", "mtu: 1500", members: "{node: a, address: 10.2.0.9}"),
    lan("broadcast address", "addresses: 10.1.0.0/24", members: "{node: a, address: 10.1.0.255}"),
    lan("network address", "addresses: 10.1.0.0/24", members: "{node: a, address: 10.1.0.0}"),
    lab(
      "one address for two",
      "groups: {crew: [a, b]}\nsegments:\n  lan:\n    addresses: 10.1.0.0/24\n"
        + "    members: [c, {node: crew, address: 10.1.0.1}]"),
    lan("prefix too small", "addresses: 10.1.0.0/30"),
    lan("no address", "addresses: 10.1.0/24"),
    lan("host bits", "addresses: 10.1.0.7/24"),
    lan("two IPv4 networks", "addresses: [10.1.0.0/24, 10.2.0.0/24]"),
    lan("multicast", "addresses: 224.0.0.0/24"),
    lab(
      "overlap",
      "segments:\n  x: {members: [a, b], addresses: 10.1.0.0/16}\n"
        + "  y: {members: [b, c], addresses: 10.1.2.0/24}"),
  ]

  private static let quantities = [
    lan("rate of 0", "rate: 0"),
    lan("rate of 0 with unit", "rate: 0Mbit/s"),
    lan("negative rate", "rate: -5Mbit/s"),
    lan("rate of 10^30", "rate: 1000000000000000000000000000000bit/s"),
    lan("rate of 1e30", "rate: 1e30"),
    lan("rate in Mb", "rate: {min: 100Mb}"),
    lan("min above max", "rate: {min: 2Gbit/s, max: 1Gbit/s}"),
    lan("latency of 0", "latency: {max: 0ms}"),
    nodes("no processor", "a: {cpu: 0}"),
    nodes("little memory", "a: {memory: 1MiB}"),
    nodes("memory without unit", "a: {memory: 128}"),
    nodes("memory of all the world", "a: {memory: 8000000TB}"),
  ]

  private static let routes = [
    nodes(
      "gateway off link",
      "a: {routes: [{to: default, via: 10.9.0.1}]}\nsegments: {lan: {members: [a], addresses: 10.1.0.0/24}}"),
    nodes(
      "route via itself",
      "a: {routes: [{to: default, via: 10.1.0.1}]}\nsegments: {lan: {members: [a], addresses: 10.1.0.0/24}}"),
    nodes("route between families", "a: {routes: [{to: \"fd00::/64\", via: 10.9.0.1}]}"),
    nodes("route without gateway", "a: {routes: [{to: default}]}"),
  ]

  private static let substrates = [
    grid("site that is not there", "hosts: {h1: {site: bron, cpu: 4, memory: 4GiB}}"),
    grid(
      "duplicate host", "hosts:\n  h[1-3]: {site: brno, cpu: 4, memory: 4GiB}\n  h2: {site: brno, cpu: 1, memory: 1GiB}"
    ),
    grid("host called like a site", "hosts: {brno: {site: brno, cpu: 4, memory: 4GiB}}"),
    grid("no hosts", "links: []"),
    grid("link onto itself", hosts + "links:\n  - ends: [brno, brno]"),
    grid("link to nowhere", hosts + "links:\n  - ends: [brno, wien]"),
    grid("two links", hosts + "links:\n  - ends: [brno, prague]\n  - ends: [prague, brno]"),
    grid("core kind", hosts + "core: vpls"),
    BadInput(title: "VLAN 4095", text: "name: g\nsites: {brno: {vlans: 4000-4095}}\n" + hosts, isSubstrate: true),
    BadInput(title: "VLAN 0", text: "name: g\nsites: {brno: {vlans: 0}}\n" + hosts, isSubstrate: true),
    BadInput(
      title: "VLANs by a wrong key", text: "name: g\nsites: {brno: {vlan: 100}}\n" + hosts, isSubstrate: true),
  ]
}
