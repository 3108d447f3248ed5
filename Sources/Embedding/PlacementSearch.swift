import Infrastructure
import Quantities

/// Depth-first search for a host for every node, best host first, with a budget of retreats.
///
/// Nodes go in order of how bound they are (kept, host, site, free), then largest first: decreasing order
/// is what gives first-fit and best-fit packing their bounds (Johnson, *Near-optimal bin packing
/// algorithms*, 1973). A node's size is its dominant share (Ghodsi et al., *Dominant Resource Fairness*,
/// NSDI 2011). The hosts are ranked by `Strategy`. One step costs O(hosts × networks of the node).
struct PlacementSearch {
  /// How hosts that can take a node are ranked.
  enum Strategy: Hashable {
    /// Site where most of the node's networks already are, then the host least loaded afterwards.
    case balanced
    /// Host where most of the node's networks already are, then the most loaded.
    case packed
    /// As `balanced`, but the named site before all others.
    case home(Int)
  }

  /// Hosts given up and tried anew before a search fails.
  static let retreatBudget = 2000

  let index: IndexedRequest
  let strategy: Strategy
  /// Networks whose nodes shall share a site above all else.
  let gathered: Set<Int>
  private(set) var state: PlacementState
  /// The first dead end: the node that no host could take, and what was free then.
  private(set) var deadEnd: (node: Int, state: PlacementState)?

  init(_ index: IndexedRequest, strategy: Strategy, gathered: Set<Int>) {
    self.index = index
    self.strategy = strategy
    self.gathered = gathered
    state = PlacementState(index)
  }

  /// Host of each node; nil where none was found, and then `deadEnd` tells why.
  mutating func run() -> [Int]? {
    let order = order()
    guard let first = order.first else { return [] }
    var untried: [[Int]] = []
    untried.reserveCapacity(order.count)
    var candidates = ranking(for: first)
    var retreats = 0
    while true {
      let node = order[untried.count]
      if advance(node, &candidates) {
        untried.append(candidates)
        guard untried.count < order.count else { return state.hostOf }
        candidates = ranking(for: order[untried.count])
        continue
      }
      if deadEnd == nil { deadEnd = (node, state) }
      guard retreats < Self.retreatBudget, retreat(order, &untried, &candidates) else { return nil }
      retreats += 1
    }
  }

  private mutating func advance(_ node: Int, _ candidates: inout [Int]) -> Bool {
    while let host = candidates.popLast() {
      if state.place(node, on: host, of: index) { return true }
    }
    return false
  }

  /// Unplaces the last placed node and leaves its untried hosts in `candidates`.
  private mutating func retreat(_ order: [Int], _ untried: inout [[Int]], _ candidates: inout [Int]) -> Bool {
    while let last = untried.popLast() {
      state.remove(order[untried.count], of: index)
      guard !last.isEmpty else { continue }
      candidates = last
      return true
    }
    return false
  }

  private func order() -> [Int] {
    let most = (
      cpu: index.view.substrate.hosts.map(\.cpu.thousandths).max() ?? 1,
      memory: index.view.substrate.hosts.map(\.memory.bytes).max() ?? 1
    )
    let keys = index.nodes.map { node -> (bound: Int, size: Double) in
      let bound = node.isKept ? 0 : node.host != nil ? 1 : node.site != nil ? 2 : 4
      let isGathered = !gathered.isEmpty && node.networks.contains(where: gathered.contains)
      let size = max(Double(node.cpu) / Double(max(most.cpu, 1)), Double(node.memory) / Double(max(most.memory, 1)))
      return (bound == 4 && isGathered ? 3 : bound, size)
    }
    return keys.indices.sorted { a, b in
      (keys[a].bound, -keys[a].size, a) < (keys[b].bound, -keys[b].size, b)
    }
  }

  /// Hosts that have room, the best last.
  private func ranking(for node: Int) -> [Int] {
    let demand = index.nodes[node]
    let hosts = demand.host.map { $0..<($0 + 1) } ?? index.siteOfHost.indices
    var ranked: [(affinity: Int, load: Double, host: Int)] = []
    for host in hosts where demand.site == nil || index.siteOfHost[host] == demand.site {
      guard state.fits(demand, host) else { continue }
      ranked.append((affinity(of: demand, to: host), state.load(of: host, with: demand, index), host))
    }
    let descending = strategy == .packed
    ranked.sort { a, b in
      if a.affinity != b.affinity { return a.affinity < b.affinity }
      if a.load != b.load { return descending ? a.load < b.load : a.load > b.load }
      return a.host > b.host
    }
    return ranked.map(\.host)
  }

  private func affinity(of demand: IndexedRequest.NodeDemand, to host: Int) -> Int {
    let site = index.siteOfHost[host]
    var total = 0
    for network in demand.networks {
      let isThere =
        strategy == .packed ? state.has(network, host: host) : state.has(network, site: site)
      if isThere { total += gathered.contains(network) ? 1 << 16 : 1 }
    }
    if case .home(site) = strategy { total += 1 << 32 }
    return total
  }
}
