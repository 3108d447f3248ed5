import Testing

extension EndToEnd {
  /// A substrate and what stays the same over every core.
  struct CoreCase: CustomStringConvertible, Sendable {
    var core: String
    var fastPath = true
    var limits = true

    var description: String { "\(core)\(fastPath ? "" : ", bridges")\(limits ? "" : ", not limited")" }

    var substrate: String {
      """
      name: cores
      core: \(core)
      fast-path: \(fastPath)
      sites: {east: {vlans: "10-29"}, west: {vlans: "20-39"}, south: {vlans: "50-59"}}
      hosts:
        east-[1-2]: {site: east, cpu: 4, memory: 4GiB\(limits ? ", uplink: 10Gbit/s" : "")}
        west-1: {site: west, cpu: 4, memory: 4GiB}
        south-1: {site: south, cpu: 4, memory: 4GiB}
      links:
        - {ends: [east, west]\(limits ? ", rate: 1Gbit/s" : "")}
        - {ends: [west, south]}

      """
    }
  }

  private static let traffic = """
    name: mix
    nodes:
      a: {host: east-1, cpu: 0.05, memory: 64MiB}
      b: {host: east-2, cpu: 0.05, memory: 64MiB}
      c: {host: west-1, cpu: 0.05, memory: 64MiB}
      d: {host: south-1, cpu: 0.05, memory: 64MiB}
      e: {host: south-1, cpu: 0.05, memory: 64MiB}
    segments:
      lan: {members: [a, b, c, d, e], addresses: [10.9.0.0/24, "fd00:9::/64"]}
      pair: {members: [a, c], addresses: 10.8.0.0/24, guard: none, rate: {min: 10Mbit/s, max: 500Mbit/s}}
    wires:
      - {ends: [a, d], name: far, addresses: 10.7.0.0/30}
      - {ends: [d, e], name: near, addresses: 10.7.1.0/30, rate: 200Mbit/s}
      - {ends: [b, c], name: wrapped, type: encapsulating, addresses: 10.7.2.0/30, rate: 100Mbit/s}
    """

  /// Five nodes on four hosts of three sites: everybody reaches everybody, once, whatever the core is made of.
  @Test(arguments: [
    CoreCase(core: "trunk"), CoreCase(core: "802.1ad"), CoreCase(core: "vxlan"), CoreCase(core: "mesh"),
    CoreCase(core: "trunk", fastPath: false), CoreCase(core: "vxlan", fastPath: false, limits: false),
  ])
  func everyCoreCarriesTheSame(_ core: CoreCase) throws {
    try TestInstallation.with(substrate: core.substrate) { cloud in
      try cloud.up(Self.traffic)
      // Pings of one packet, of several fragments, and to everybody; by one shell a node.
      let script = """
        for target in 10.9.0.1 10.9.0.2 10.9.0.3 10.9.0.4 10.9.0.5 fd00:9::1 fd00:9::2 fd00:9::3 fd00:9::4 fd00:9::5
        do ping -q -c 2 -i 0.01 -w 9 -s 4000 $target || exit 1; done
        ping -q -c 2 -i 0.1 -w 5 ff02::1%eth0
        """
      for node in ["a", "b", "c", "d", "e"] {
        let run = try cloud.shell("mix", node, script)
        #expect(run.status == 0, "\(core), \(node): \(run.output) \(run.error)")
        let unicast = run.output.components(separatedBy: "ff02").first ?? ""
        #expect(!unicast.contains("duplicates"), "\(core), \(node): \(unicast)")
        // Each of the four others answers once.
        #expect(run.output.contains("+4 duplicates") || run.output.contains("+3 duplicates"), "\(run.output)")
      }
      for (node, target) in [("a", "10.8.0.2"), ("a", "10.7.0.2"), ("d", "10.7.1.2"), ("b", "10.7.2.2")] {
        let run = try cloud.shell(
          "mix", node,
          "ping -q -c 2 -i 0.01 -w 9 -s 3000 \(target)"
        )
        #expect(run.status == 0 && !run.output.contains("duplicates"), "\(core), \(node) \(target): \(run.output)")
      }
      let lost = try cloud.succeed("show", "mix", "--drops", "-f", "csv")
      // Kernels ask for routers and report groups before they have checked their addresses.
      #expect(!lost.contains("trunk"), "\(lost)")
      #expect(try cloud.run(["up", "-t", "-"], input: Self.traffic).error.contains("unchanged"))
    }
  }
}
