import Algorithms
import Embedding
import Foundation
import Infrastructure
import Languages
import Quantities
import Simulation

/// Published topologies as substrates, under a workload of our own that is stated here.
///
/// One host a site (64 cores, 256 GiB), core links of 10 Gbit/s, 5 µs a km. 1,000 requests a seed: 2 to 10 machines
/// of 1 to 8 cores on different hosts, a wire between two of them with probability one half (and as many as it takes
/// to join them), 100 to 1,000 Mbit/s in each direction, half of the wires with a latency of 10 to 40 ms at most.
/// They arrive as a Poisson process, one in 10 s, and stay for 500 s on average, exponentially distributed.
enum TopologyBench {
  static func run(files: [String], seeds: Int) throws {
    for file in files {
      var defaults = TopologyDefaults()
      defaults.cpu = Cores(thousandths: 64_000)
      defaults.memory = ByteCount(bytes: 256 << 30)
      let text = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
      let substrate = try NodeLinkReader.read(text: text, file: file, defaults: defaults)
      for strategy in [Strategy.balance, .nearest] {
        for seed in 0..<seeds {
          var random = Generator(state: UInt64(seed))
          var simulation = Simulation(substrate, SearchEmbedder(strategy: strategy))
          var outcomes: [Simulation.Outcome] = []
          var time = 0.0
          for number in 0..<1000 {
            time += random.exponential(mean: 10)
            outcomes.append(
              try simulation.replay(
                Workload.Arrival(
                  time: time, lifetime: random.exponential(mean: 500), request: try request(number, &random))))
          }
          let report = SimulationReport(outcomes)
          try printLine([
            ("topology", "\(substrate.name)"), ("sites", substrate.sites.count), ("links", substrate.links.count),
            ("strategy", strategy.rawValue), ("seed", seed), ("acceptance", report.acceptance),
            ("revenue_to_cost", report.revenueToCost), ("ms_mean", report.meanEffort * 1e3),
            ("ms_p99", report.tailEffort * 1e3),
            ("link_use", report.linkUse),
          ])
        }
      }
    }
  }

  private static func request(_ number: Int, _ random: inout Generator) throws -> VirtualInfrastructure {
    let count = Int.random(in: 2...10, using: &random)
    let nodes = try (0..<count).map {
      Node(
        name: try Name(parsing: "n\($0)"), cpu: Cores(thousandths: 1000 * .random(in: 1...8, using: &random)),
        memory: ByteCount(bytes: 4 << 30))
    }
    var wires: [Network] = []
    for a in 0..<count {
      for b in (a + 1)..<max(a + 1, count) where b == a + 1 || Bool.random(using: &random) {
        let rate = Bitrate(bitsPerSecond: 1_000_000 * .random(in: 100...1000, using: &random))
        wires.append(
          Network(
            name: try Name(parsing: "w\(a)-\(b)"), kind: .wire,
            endpoints: [a, b].map { Endpoint(node: nodes[$0].name, interface: "eth\(wires.count)") },
            rate: RateRange(fixed: rate),
            maximumLatency: Bool.random(using: &random) ? .milliseconds(Int.random(in: 10...40, using: &random)) : nil))
      }
    }
    return VirtualInfrastructure(
      name: try Name(parsing: "r\(number)"), nodes: nodes, networks: wires,
      rules: [PlacementRule(.apart, nodes: nodes.map(\.name))])
  }
}

typealias Generator = SplitMix64

extension SplitMix64 {
  mutating func exponential(mean: Double) -> Double { -mean * log(1 - Double.random(in: 0..<1, using: &self)) }
}
