import Embedding
import Infrastructure
import Quantities

/// One 10-node request on ever larger substrates: fat-tree sites joined by a wide-area core.
enum ScaleBench {
  static func run(hosts counts: [Int]) throws {
    for count in counts {
      let clock = ContinuousClock()
      var substrate: Substrate?
      let built = try clock.measure { substrate = try FatTrees.substrate(hosts: count) }
      guard let substrate else { continue }
      var view: SubstrateView?
      let loaded = clock.measure { view = SubstrateView(substrate) }
      guard var view else { continue }
      let request = try FatTrees.request()
      var times: [Double] = []
      for _ in 0..<15 {
        var embedding: Embedding?
        times.append(
          try clock.measure { embedding = try SearchEmbedder().embed(request, on: view, keeping: nil) }.milliseconds)
        guard let embedding else { continue }
        let faults = EmbeddingCheck.violations(of: embedding, for: request, on: view)
        precondition(faults.isEmpty, "\(faults)")
        view.occupy(embedding, of: request)
      }
      times.sort()
      try printLine([
        ("hosts", substrate.hosts.count), ("switches", substrate.sites.count), ("links", substrate.links.count),
        ("ms_median", times[times.count / 2]), ("ms_min", times[0]), ("ms_max", times[times.count - 1]),
        ("ms_load", loaded.milliseconds), ("ms_build", built.milliseconds), ("peak_mb", peakMemory()),
      ])
    }
  }
}

/// k-ary fat trees (M. Al-Fares, A. Loukissas and A. Vahdat, *A scalable, commodity data center network
/// architecture*, SIGCOMM 2008), k = 16: 1024 hosts, 128 edge, 128 aggregation and 64 core switches each. Every
/// switch is a site of the model. The trees are joined by a ring with chords.
enum FatTrees {
  private static let arity = 16

  static func substrate(hosts count: Int) throws -> Substrate {
    let half = arity / 2
    let trees = max(1, (count + 1023) / 1024)
    let vlans = VLANSet((1...4094).compactMap(VLANID.init))
    var sites: [Site] = []
    var hosts: [Host] = []
    var links: [CoreLink] = []
    func site(_ name: String) throws -> Name {
      sites.append(Site(name: try Name(parsing: name), vlans: vlans))
      return sites[sites.count - 1].name
    }
    func join(_ a: Name, _ b: Name, _ gigabits: UInt64, _ latency: Duration) {
      links.append(
        CoreLink(ends: Pair(a, b), rate: Bitrate(bitsPerSecond: gigabits * 1_000_000_000), latency: latency))
    }
    var gates: [Name] = []
    for tree in 0..<trees {
      let cores = try (0..<half * half).map { try site("t\(tree)c\($0)") }
      gates.append(cores[0])
      for pod in 0..<arity {
        let aggregations = try (0..<half).map { try site("t\(tree)p\(pod)a\($0)") }
        for (index, aggregation) in aggregations.enumerated() {
          for core in 0..<half { join(aggregation, cores[index * half + core], 10, .microseconds(2)) }
        }
        for edge in 0..<half {
          let edgeSite = try site("t\(tree)p\(pod)e\(edge)")
          for aggregation in aggregations { join(edgeSite, aggregation, 10, .microseconds(2)) }
          for host in 0..<half where hosts.count < count {
            hosts.append(
              Host(
                name: try Name(parsing: "t\(tree)p\(pod)e\(edge)h\(host)"), site: edgeSite, kind: .emulated,
                cpu: Cores(thousandths: 16_000), memory: ByteCount(bytes: 64 << 30),
                uplink: Bitrate(bitsPerSecond: 10_000_000_000)))
          }
        }
      }
    }
    for (index, gate) in gates.enumerated() where index > 0 {
      join(gates[index - 1], gate, 100, .milliseconds(2))
      if index > 7 { join(gates[index - 8], gate, 100, .milliseconds(9)) }
    }
    return Substrate(name: try Name(parsing: "trees"), sites: sites, hosts: hosts, links: links)
  }

  /// Ten machines, two of them at different hosts' sites each way: a ring with chords, 16 wires of 200 Mbit/s.
  static func request() throws -> VirtualInfrastructure {
    let nodes = try (0..<10).map {
      Node(name: try Name(parsing: "n\($0)"), cpu: Cores(thousandths: 4000), memory: ByteCount(bytes: 8 << 30))
    }
    let pairs = (0..<10).map { ($0, ($0 + 1) % 10) } + [(0, 5), (1, 6), (2, 7), (3, 8), (4, 9), (0, 7)]
    let wires = try pairs.enumerated().map { index, pair in
      Network(
        name: try Name(parsing: "w\(index)"), kind: .wire,
        endpoints: [pair.0, pair.1].map { Endpoint(node: nodes[$0].name, interface: "eth\(index)") },
        rate: RateRange(fixed: Bitrate(bitsPerSecond: 200_000_000)))
    }
    return VirtualInfrastructure(
      name: try Name(parsing: "ten"), nodes: nodes, networks: wires,
      rules: [PlacementRule(.apart, nodes: nodes.map(\.name))])
  }
}
