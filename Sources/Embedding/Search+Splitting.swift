import Infrastructure

/// A wire's shares over several paths.
struct SplitRoute {
  /// Arcs in order from the first endpoint's site, and bit/s along and against them.
  var paths: [(arcs: [Int], forward: Int, backward: Int)]
}

/// Splitting wires that no single path carries (M. Yu, Y. Yi, J. Rexford and M. Chiang, CCR 2008).
extension Search {
  /// Paths of one wire at most.
  static let mostPaths = 4
  /// The smallest share of a wire worth a path of its own, in thousandths.
  static let leastShare = 50

  /// Leads the wires that cross overdrawn links over several paths each; nil where that does not help.
  mutating func split() -> [Int: SplitRoute]? {
    isHard = true
    var splits: [Int: SplitRoute] = [:]
    while let worst = state.worstArc {
      let wires = state.users(of: worst).filter {
        problem.request.networks[$0].kind == .wire && problem.nets[$0].members.count == 2 && splits[$0] == nil
          && !state.routes[$0].arcs.isEmpty
      }
      guard let wire = wires.max(by: { problem.nets[$0].weight < problem.nets[$1].weight }) else { return nil }
      state.reroute(wire, over: [])
      guard let route = spread(wire) else { return nil }
      splits[wire] = route
    }
    return splits
  }

  /// Shares out a wire's rate, the cheapest path with room first, and takes the rates.
  private mutating func spread(_ wire: Int) -> SplitRoute? {
    let net = problem.nets[wire]
    guard let second = net.members.first(where: { $0 != net.first }) else { return nil }
    let (start, end) = (graph.site(of: state.hostOf[net.first]), graph.site(of: state.hostOf[second]))
    var route = SplitRoute(paths: [])
    var left = 1000
    while left > 0, route.paths.count < Self.mostPaths {
      guard let arcs = path(wire, from: start, to: end, share: min(left, Self.leastShare)) else { return nil }
      let share = arcs.reduce(left) { min($0, self.share(of: net, on: $1)) }
      left -= share
      // What rounding leaves goes with the last path, where the room was counted with it.
      let rates = left == 0 ? rest(of: net, route) : (net.forward * share / 1000, net.backward * share / 1000)
      route.paths.append((arcs, rates.0, rates.1))
      for arc in arcs { state.draw(rates.0, rates.1, on: arc) }
    }
    guard left == 0, state.overdraft == 0 || route.paths.allSatisfy({ $0.arcs.allSatisfy { state.room[$0] >= 0 } })
    else { return nil }
    return route
  }

  private func rest(of net: SearchProblem.Net, _ route: SplitRoute) -> (Int, Int) {
    route.paths.reduce((net.forward, net.backward)) { ($0.0 - $1.forward, $0.1 - $1.backward) }
  }

  /// Thousandths of the wire's rates that the arc and its opposite still carry.
  private func share(of net: SearchProblem.Net, on arc: Int) -> Int {
    func thousandths(_ room: Int, _ rate: Int) -> Int {
      rate == 0 ? 1000 : min(1000, max(0, room) / max(1, (rate + 999) / 1000))
    }
    return min(thousandths(state.room[arc], net.forward), thousandths(state.room[arc ^ 1], net.backward))
  }

  private mutating func path(_ wire: Int, from start: Int, to end: Int, share: Int) -> [Int]? {
    let net = problem.nets[wire]
    let (room, toll, closed, heads) = (state.room, state.toll, isClosed, graph.head)
    spare.spread(from: [(start, 0)], graph, target: end) { arc in
      if closed[Int(heads[arc])] { return .infinity }
      let fits = room[arc] >= (net.forward + 999) / 1000 * share && room[arc ^ 1] >= (net.backward + 999) / 1000 * share
      return fits ? toll[arc / 2] : .infinity
    }
    steps += spare.settled.count
    guard spare.distance(to: end) != nil, net.bound.map({ spare.latency(to: end) <= $0 }) ?? true else { return nil }
    return spare.way(to: end, graph).reversed()
  }
}
