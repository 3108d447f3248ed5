import Testing

extension EndToEnd {
  /// Segments with and without bounds, rules, wires that must be split, and one that does not fit; hashes are seeded
  /// anew in each process, and no answer may hang on them.
  private static let requests = [
    """
    name: segments
    nodes:
      n[1-7]: {cpu: 1, memory: 64MiB}
    segments:
      a: {members: ["n[1-5]"], rate: {min: 100Mbit/s, max: 900Mbit/s}}
      b: {members: ["n[3-7]"], rate: {max: 777Mbit/s}, latency: {max: 4ms}}
    """,
    """
    name: rules
    nodes:
      n[1-6]: {cpu: 0.5, memory: 64MiB}
    placement:
      - {apart: [n1, n2, n3]}
      - {together: [n4, n5], at: site}
      - {together: [n5, n6]}
    segments:
      a: {members: ["n[1-6]"], rate: {min: 50Mbit/s}}
    wires:
      - {ends: [n1, n4], rate: 333Mbit/s}
    """,
    """
    name: wide
    nodes:
      x: {site: a, cpu: 1, memory: 64MiB}
      y: {site: b, cpu: 1, memory: 64MiB}
    wires:
      - {ends: [x, y], rate: 1500Mbit/s}
    """,
    """
    name: huge
    nodes:
      n[1-9]: {cpu: 3, memory: 64MiB, site: b}
    """,
  ]

  private static let ring = """
    name: ring
    core: trunk
    sites:
      a: {vlans: "10-19"}
      b: {vlans: "10-19"}
      c: {vlans: "10-19"}
    hosts:
      a-[1-2]: {site: a, cpu: 4, memory: 4GiB, uplink: 10Gbit/s}
      b-[1-2]: {site: b, cpu: 4, memory: 4GiB, uplink: 10Gbit/s}
      c-[1-2]: {site: c, cpu: 4, memory: 4GiB, uplink: 10Gbit/s}
    links:
      - {ends: [a, b], rate: 1Gbit/s, latency: 1ms}
      - {ends: [b, c], rate: 1Gbit/s, latency: 1ms}
      - {ends: [a, c], rate: 1Gbit/s, latency: 1ms}

    """

  @Test func plansAreTheSameInEveryProcess() throws {
    try TestInstallation.with { cloud in
      try cloud.write(Self.ring, to: "ring.substrate.yaml")
      let options = ["--split-paths", "--start", "9000-01-01T00:00:00Z", "--seed", "7"]
      for request in Self.requests {
        let runs = try (0..<4).map { _ in
          try cloud.run(
            ["plan", "-t", "-", "-s", "ring.substrate.yaml", "-f", "json"] + options, input: request)
        }
        #expect([0, 3].contains(runs[0].status), "\(runs[0].error)")
        #expect(Set(runs.map(\.output)).count == 1 && Set(runs.map(\.error)).count == 1)
      }
    }
  }
}
