/// Faults in time, rates by direction, placement and labels.
extension BadInput {
  private static func lease(_ title: String, _ lease: String, _ rest: String = "") -> BadInput {
    BadInput(title: title, text: "name: lab\nlease: {\(lease)}\nnodes: {a: {}, b: {}, c: {}}\n" + rest)
  }

  static let leases = [
    lease("start that is only a date", "start: 2027-01-01"),
    lease("start never", "start: never"),
    lease("start before 1970", "start: 1970-01-01T00:30:00+01:00"),
    lease("start with a duration of zero", "start: 2027-01-01T08:00:00Z, duration: 0s"),
    lease("end before start", "start: 2027-01-01T08:00:00Z, end: 2027-01-01T08:00:00+01:00"),
    lease("end at start", "start: 2027-01-01T08:00:00Z, end: 2027-01-01T09:00:00+01:00"),
    lease("end without start", "end: 2027-01-01T08:00:00Z"),
    lease("end and duration", "start: 2027-01-01T08:00:00Z, end: 2027-01-01T09:00:00Z, duration: 1h"),
    lease("lease of many lives", "start: 2027-01-01T08:00:00Z, end: 9027-01-01T08:00:00Z"),
  ]

  private static func wire(_ title: String, _ rate: String) -> BadInput {
    lease(title, "duration: 1h", "wires:\n  - ends: [a, b]\n    rate: \(rate)")
  }

  static let rates = [
    wire("min above max in reverse", "{reverse: {min: 2Gbit/s, max: 1Gbit/s}}"),
    wire("direction and bound", "{forward: 1Gbit/s, max: 2Gbit/s}"),
    wire("misspelt direction", "{forwards: 1Gbit/s}"),
    wire("reverse rate of 0", "{forward: 1Gbit/s, reverse: 0}"),
    wire("direction of nothing", "{forward: }"),
    lease("segment by direction", "", "segments: {lan: {members: [a, b], rate: {forward: 1Gbit/s}}}"),
  ]

  private static func rules(_ title: String, _ rules: String..., nodes: String = "") -> BadInput {
    BadInput(
      title: title,
      text: "name: lab\nnodes:\n  w[1-4]: {}\n\(nodes)placement:\n" + rules.map { "  - {\($0)}\n" }.joined())
  }

  static let placement = [
    rules("rule that names a node twice", "apart: [w1, \"w[1-2]\"]"),
    rules("rule with one node", "together: [w1]"),
    rules("rule with nothing", "together: []"),
    rules("rule with a stranger", "apart: [w1, w5]"),
    rules("rule with an interface", "apart: [w1, \"w2:eth0\"]"),
    rules("rule of no kind", "at: host"),
    rules("rule of both kinds", "apart: [w1, w2], together: [w3, w4]"),
    rules("rule at a rack", "apart: [w1, w2], at: rack"),
    rules("together and apart", "together: [w1, w2]", "apart: [\"w[1-3]\"]"),
    rules("together by a chain, and apart", "apart: [w1, w3]", "together: [w1, w2]", "together: [w2, w3]"),
    rules("together on a host, apart at sites", "together: [w1, w2]", "apart: [w1, w2], at: site"),
    rules(
      "together at different sites", "together: [a, b], at: site",
      nodes: "  a: {site: brno}\n  b: {site: prague}\n"),
    rules(
      "together at different sites by a chain", "together: [a, w1], at: site", "together: [w1, b]",
      nodes: "  a: {site: brno}\n  b: {site: prague}\n"),
    rules("together on different hosts", "together: [a, b]", nodes: "  a: {host: h1}\n  b: {host: h2}\n"),
    rules("together in different rooms", "together: [a, b]", nodes: "  a: {location: r1}\n  b: {location: r2}\n"),
    rules("apart on one host", "apart: [a, b]", nodes: "  a: {host: h1}\n  b: {host: h1}\n"),
    rules(
      "apart at a site on one host", "apart: [a, b], at: site", nodes: "  a: {host: h1}\n  b: {host: h1}\n"),
    rules(
      "apart on the host of a companion", "apart: [a, w1]", "together: [w1, w2]", "together: [w2, b]",
      nodes: "  a: {host: h1}\n  b: {host: h1}\n"),
    rules("apart at one site", "apart: [a, b], at: site", nodes: "  a: {site: brno}\n  b: {site: brno}\n"),
  ]

  private static func events(_ title: String, _ events: String...) -> BadInput {
    lease(
      title, "duration: 4h",
      "segments:\n  lan: {members: [a, b]}\ntimeline:\n" + events.map { "  - {\($0)}\n" }.joined())
  }

  static let timelines = [
    events("event without a moment", "nodes: {a: {cpu: 2}}"),
    events("event at once", "after: 0s"),
    events("event after the end", "after: 4h"),
    events("events out of order", "after: 2h", "after: 1h"),
    events("two events at once", "after: 1h", "after: 60m"),
    events("event for a stranger", "after: 1h, nodes: {d: {cpu: 2}}"),
    events("event for no network", "after: 1h, networks: {lna: {rate: 1Gbit/s}}"),
    BadInput(
      title: "event for a node twice",
      text: "name: lab\nnodes:\n  w[1-4]: {}\ntimeline:\n  - after: 1h\n    nodes: {w2: {cpu: 2}, \"w[1-4]\": {cpu: 1}}"
    ),
    events("event with a new site", "after: 1h, nodes: {a: {site: brno}}"),
    events("event with no processor", "after: 1h, nodes: {a: {cpu: 0}}"),
    events("event with min above max", "after: 1h, networks: {lan: {rate: {min: 2Gbit/s, max: 1Gbit/s}}}"),
    events("event for a segment by direction", "after: 1h, networks: {lan: {rate: {forward: 1Gbit/s}}}"),
  ]

  static let labels = [
    lease("labels as a list", "", "labels: [a]"),
    lease("label without a value", "", "labels: {owner: }"),
    lease("label without a key", "", "labels: {\"\": me}"),
    lease("label with a bell", "", "labels: {owner: \"\\a\"}"),
    lease("label of labels", "", "labels: {owner: {name: me}}"),
    BadInput(title: "exclusive or not", text: "name: lab\nnodes: {a: {exclusive: maybe}}"),
    BadInput(title: "location of two lines", text: "name: lab\nnodes: {a: {location: \"a\\nb\"}}"),
    BadInput(title: "no location", text: "name: lab\nnodes: {a: {location: \"\"}}"),
    BadInput(title: "storage without unit", text: "name: lab\nnodes: {a: {storage: 20}}"),
    BadInput(title: "range upside down", text: "name: lab\nnodes: {a: {cpu: {min: 4, max: 1}}}"),
    BadInput(title: "range without an end", text: "name: lab\nnodes: {a: {memory: {min: 1GiB}}}"),
    BadInput(title: "range of nothing", text: "name: lab\nnodes: {a: {cpu: {min: 0, max: 2}}}"),
    BadInput(title: "storage of all the world", text: "name: lab\nnodes: {a: {storage: 2000TiB}}"),
  ]

  private static func host(_ title: String, _ settings: String, _ rest: String = "") -> BadInput {
    BadInput(
      title: title,
      text: "name: g\nsites: {brno: {vlans: 1}, prague: {vlans: 1}}\nhosts: {h: {site: brno\(settings)}}\n" + rest,
      isSubstrate: true)
  }

  static let operators = [
    host("best effort of everything", "", "best-effort: 100%"),
    host("best effort without %", "", "best-effort: 10"),
    host("negative slots", ", slots: -1"),
    host("half a slot", ", slots: 0.5"),
    host("price beyond measure", ", price: 10000000000"),
    host("price in money", "", "links: [{ends: [brno, prague], price: 5EUR}]"),
    host("location of labels", ", location: [a]"),
  ]
}
