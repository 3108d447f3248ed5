import Infrastructure
import Quantities

/// What a strategy makes links and hosts cost: the function that the search makes small.
struct Prices {
  /// Of a unit of weight (Mbit/s) on each link, uplinks included.
  let link: [Float]
  private let strategy: Strategy
  private let view: SubstrateView

  /// A link at the brim costs this much more than an empty one. Prices that rise with use keep room where it is
  /// scarce (G. Even, M. Medina, G. Schaffrath and S. Schmid, *Competitive and deterministic embeddings of
  /// virtual networks*, 2013; there they rise exponentially).
  private static let congestion: Float = 0.5

  init(_ strategy: Strategy, _ view: SubstrateView) {
    self.strategy = strategy
    self.view = view
    let substrate = view.substrate
    let numbers = view.directory.numbers
    func use(_ resource: Resource) -> Float {
      let number = numbers[resource]
      let capacity = view.capacity[number]
      guard capacity != .max, capacity > 0 else { return 0 }
      return min(1, Float(view.used[number]) / Float(capacity))
    }
    let core = substrate.links.indices.map { link -> Float in
      switch strategy {
      case .balance, .consolidate:
        let used = max(use(.link(link, .forward)), use(.link(link, .reverse)))
        // Of equally dear ways the faster wins: a thousandth of a link for 10 ms.
        let fast = Float(SubstrateGraph.picoseconds(substrate.links[link].latency)) / 1e13
        return 1 + Self.congestion * used * used + fast
      // Milliseconds, and a hop for ever so little, so that of equally fast paths the shorter wins.
      case .nearest: return Float(SubstrateGraph.picoseconds(substrate.links[link].latency)) / 1e9 + 1e-3
      case .cheapest: return Float(substrate.links[link].price) / 1000 + 1e-6
      }
    }
    let uplink: Float = strategy == .consolidate ? 0.01 : 0
    link = core + Array(repeating: uplink, count: substrate.hosts.count)
  }

  /// What the unit costs on the host, whose other guests are told by `guests`.
  func host(_ unit: SearchProblem.Unit, _ host: Int, _ state: SearchState) -> Float {
    let load = load(unit, host, state)
    switch strategy {
    case .balance, .nearest: return 0.001 * load
    case .consolidate:
      let isIdle = state.guests[host] == 0 && view.used[view.directory.numbers[.tenancy(host: host)]] == 0
      return (isIdle ? 1000 : 0) - 0.001 * load
    case .cheapest:
      return Float(view.substrate.hosts[host].price) * Float(unit.cpu) / 1000 + 1e-6 * load
    }
  }

  /// Larger of the shares of processor and memory in use once the unit is there too, `0 ... 1` (the dominant
  /// share of A. Ghodsi et al., *Dominant Resource Fairness*, NSDI 2011).
  private func load(_ unit: SearchProblem.Unit, _ host: Int, _ state: SearchState) -> Float {
    func share(_ free: UInt64, _ asked: UInt64, _ all: UInt64) -> Float {
      all == 0 ? 0 : 1 - Float(saturatingDifference(free, asked)) / Float(all)
    }
    let all = view.substrate.hosts[host]
    return max(
      share(state.freeCPU[host], unit.cpu, all.cpu.thousandths),
      share(state.freeMemory[host], unit.memory, all.memory.bytes))
  }
}
