/// A necessary condition that is quick to look at: units that must be apart need as many hosts that could take
/// them, each with the room on its links that the unit's networks to the others ask for.
struct Matching {
  private let problem: SearchProblem
  private let state: SearchState
  /// Room for what leaves each host, as `SearchProblem.Unit.leaving`.
  private let around: [Int]

  init(_ problem: SearchProblem, _ state: SearchState) {
    self.problem = problem
    self.state = state
    let graph = problem.graph
    let needsRates = problem.units.contains { $0.leaving > 0 }
    let bySite = needsRates ? (0..<graph.sites).map { state.room(around: $0) } : []
    around = (0..<graph.hosts).map { host in
      guard needsRates else { return .max }
      let arc = graph.uplink(host)
      let uplink = min(max(0, state.room[arc]), 1 << 50) + min(max(0, state.room[arc + 1]), 1 << 50)
      return graph.hosts(at: graph.site(of: host)).count == 1 ? min(uplink, bySite[graph.site(of: host)]) : uplink
    }
  }

  /// A unit that finds no host of its own; nil where each may have one.
  ///
  /// Augmenting paths, breadth first (H. W. Kuhn, *The Hungarian method for the assignment problem*, 1955).
  func unmatched(_ rule: SearchProblem.Rule) -> Int? {
    guard rule.kind == .apart, rule.units.count <= 1000 else { return nil }
    var owner: [Int: Int] = [:]
    for unit in rule.units.sorted(by: { problem.units[$0].leaving > problem.units[$1].leaving }) {
      guard let (end, from) = augmentingPath(from: unit, owner) else { return unit }
      var host = end
      while let taker = from[host] {
        let previous = owner.first { $0.value == taker }?.key
        owner[host] = taker
        guard let previous, taker != unit else { break }
        host = previous
      }
    }
    return nil
  }

  /// A host that is free once units on the way make room, and which unit would take each host.
  private func augmentingPath(from unit: Int, _ owner: [Int: Int]) -> (end: Int, takers: [Int: Int])? {
    var takers: [Int: Int] = [:]
    var open = [unit]
    var next = 0
    while next < open.count {
      let taker = open[next]
      next += 1
      for host in problem.allowed(problem.units[taker]) where takers[host] == nil && couldTake(taker, host) {
        takers[host] = taker
        guard let holder = owner[host] else { return (host, takers) }
        open.append(holder)
      }
    }
    return nil
  }

  private func couldTake(_ number: Int, _ host: Int) -> Bool {
    let unit = problem.units[number]
    return state.fits(unit, host) && unit.leaving <= around[host] && (unit.isKept || problem.tolerates(unit, host))
  }
}
