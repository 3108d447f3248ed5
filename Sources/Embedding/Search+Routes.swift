import Infrastructure

/// Ways over the core.
extension Search {
  /// Runs the fields of `slot` over what a unit would have to cross to join the network.
  mutating func explore(_ net: Int, _ slot: Int, from unit: Int, most: Int) {
    while fields.count <= slot {
      fields.append(PathField(sites: graph.sites))
      latencyFields.append(PathField(sites: 0))
    }
    let sources = sources(net)
    let cost = arcCost(net, towards: unit)
    fields[slot].spread(from: sources, graph, most: most, cost: cost)
    steps += fields[slot].settled.count
    guard problem.nets[net].bound != nil else { return }
    if latencyFields[slot].isEmpty { latencyFields[slot] = PathField(sites: graph.sites) }
    latencyFields[slot].spread(
      from: sources, graph, most: most, byLatency: true, cost: latencyCost(net, towards: unit))
    steps += latencyFields[slot].settled.count
  }

  /// The arcs that join the unit at `site` to the network, oriented as `SearchState.Route.arcs`; nil where none do
  /// within the bound.
  mutating func way(_ net: Int, from unit: Int, at site: Int) -> [Int]? {
    let sources = sources(net)
    if sources.count == 1, sources[0].site == site { return [] }
    spare.spread(from: sources, graph, target: site, cost: arcCost(net, towards: unit))
    steps += spare.settled.count
    guard spare.distance(to: site) != nil else { return nil }
    if let bound = problem.nets[net].bound, spare.latency(to: site) > bound {
      spare.spread(from: sources, graph, target: site, byLatency: true, cost: latencyCost(net, towards: unit))
      steps += spare.settled.count
      guard spare.distance(to: site) != nil, spare.latency(to: site) <= bound else { return nil }
    }
    let away = spare.way(to: site, graph)
    return problem.nets[net].first == unit ? away.map { $0 ^ 1 } : away
  }

  /// Sites that the network crosses, each with the latency from there to its farthest member, which only counts
  /// where it has a bound.
  private func sources(_ net: Int) -> [(site: Int, latency: Int)] {
    let route = state.routes[net]
    guard !route.arcs.isEmpty else { return route.hosts.prefix(1).map { (graph.site(of: $0.host), 0) } }
    let sites = Set(route.arcs.flatMap(graph.ends)).sorted()
    guard problem.nets[net].bound != nil else { return sites.map { ($0, 0) } }
    let terminals = Set(route.hosts.map { graph.site(of: $0.host) })
    return sites.map {
      ($0, graph.latencies(from: $0, over: route.arcs).filter { terminals.contains($0.key) }.values.max() ?? 0)
    }
  }

  /// What an arc away from the network's members costs on the way to `unit`.
  private func arcCost(_ net: Int, towards unit: Int) -> (Int) -> Float {
    let network = problem.nets[net]
    let (back, out) = demand(net, at: unit)
    // What it already takes, by an earlier embedding, costs nothing: it does not move.
    let kept = Set(network.kept)
    let (room, toll, heads, isHard, isClosed) = (state.room, state.toll, graph.head, isHard, isClosed)
    return { arc in
      if isClosed[Int(heads[arc])] { return .infinity }
      let lack = max(0, out - room[arc]) + max(0, back - room[arc ^ 1])
      let price = !kept.isEmpty && kept.contains(arc / 2) ? 0 : network.weight * toll[arc / 2]
      if lack == 0 { return price }
      return isHard ? .infinity : price + Self.penalty * Float(min(lack, out + back))
    }
  }

  private func latencyCost(_ net: Int, towards unit: Int) -> (Int) -> Float {
    let cost = arcCost(net, towards: unit)
    let (latency, isHard) = (graph.latency, isHard)
    return { arc in isHard && cost(arc) == .infinity ? .infinity : Float(latency[arc / 2]) * 1e-9 + 1e-6 }
  }

  /// Builds the network's tree anew over the members that are placed; nil where there is none within the bound.
  ///
  /// From one member it takes in the next nearest by its cheapest way, again and again (H. Takahashi and
  /// A. Matsuyama, *An approximate solution for the Steiner problem in graphs*, 1980). Where that breaks a bound
  /// on latency, trees of fastest ways rooted at each site in turn are tried: the one rooted at a pair's middle
  /// keeps that pair apart by no more than its fastest way.
  mutating func tree(_ net: Int) -> [Int]? {
    let terminals = Array(Set(state.routes[net].hosts.map { graph.site(of: $0.host) })).sorted()
    guard terminals.count > 1 else { return [] }
    let outsider = problem.nets[net].members.first { $0 != problem.nets[net].first } ?? 0
    if let arcs = cheapTree(net, terminals, outsider), isWithinBound(net, arcs, terminals) { return arcs }
    guard problem.nets[net].bound != nil else { return nil }
    for root in (terminals + (0..<graph.sites).filter { !terminals.contains($0) }).prefix(64) {
      spare.spread(from: [(root, 0)], graph, byLatency: true, cost: latencyCost(net, towards: outsider))
      steps += spare.settled.count
      guard terminals.allSatisfy({ spare.distance(to: $0) != nil }) else { continue }
      let arcs = graph.pruned(Array(Set(terminals.flatMap { spare.way(to: $0, graph) })), to: Set(terminals))
      if isWithinBound(net, arcs, terminals) { return oriented(arcs, net) }
    }
    return nil
  }

  private mutating func cheapTree(_ net: Int, _ terminals: [Int], _ outsider: Int) -> [Int]? {
    let start = state.hostOf[problem.nets[net].first]
    var joined = [start >= 0 ? graph.site(of: start) : terminals[0]]
    var left = Set(terminals).subtracting(joined)
    var arcs: [Int] = []
    let cost = arcCost(net, towards: outsider)
    while !left.isEmpty {
      spare.spread(from: joined.map { ($0, 0) }, graph, cost: cost)
      steps += spare.settled.count
      guard let nearest = spare.settled.first(where: { left.contains(Int($0)) }) else { return nil }
      let way = spare.way(to: Int(nearest), graph)
      arcs += way
      joined = Array(Set(joined + way.flatMap(graph.ends))).sorted()
      left.subtract(joined)
    }
    return arcs
  }

  /// Arcs of a wire's tree turned so that they lead away from its first endpoint; of a segment as they are.
  private func oriented(_ arcs: [Int], _ net: Int) -> [Int] {
    guard problem.nets[net].members.count == 2, state.hostOf[problem.nets[net].first] >= 0 else { return arcs }
    return graph.directed(arcs, from: graph.site(of: state.hostOf[problem.nets[net].first]))
  }

  private func isWithinBound(_ net: Int, _ arcs: [Int], _ terminals: [Int]) -> Bool {
    guard let bound = problem.nets[net].bound else { return true }
    return graph.diameter(of: arcs, terminals).latency <= bound
  }
}

/// Trees over the core, given as arcs in any orientation.
extension SubstrateGraph {
  private func neighbours(_ arcs: [Int]) -> [Int: [Int]] {
    var at: [Int: [Int]] = [:]
    for arc in arcs {
      at[Int(tail[arc]), default: []].append(arc & ~1 | (arc & 1))
      at[Int(head[arc]), default: []].append(arc ^ 1)
    }
    return at
  }

  /// Picoseconds from a site to every site of the tree.
  func latencies(from start: Int, over arcs: [Int]) -> [Int: Int] {
    let at = neighbours(arcs)
    var found = [start: 0]
    var open = [start]
    while let site = open.popLast() {
      for arc in at[site] ?? [] where found[Int(head[arc])] == nil {
        found[Int(head[arc])] = (found[site] ?? 0) + latency[arc / 2]
        open.append(Int(head[arc]))
      }
    }
    return found
  }

  /// The two terminals farthest apart along the tree.
  func diameter(of arcs: [Int], _ terminals: [Int]) -> (latency: Int, from: Int, to: Int) {
    var worst = (latency: 0, from: terminals[0], to: terminals[0])
    for start in terminals {
      let found = latencies(from: start, over: arcs)
      for end in terminals where (found[end] ?? .max) > worst.latency { worst = (found[end] ?? .max, start, end) }
    }
    return worst
  }

  /// Without the branches that end at no terminal.
  func pruned(_ arcs: [Int], to terminals: Set<Int>) -> [Int] {
    var arcs = arcs.sorted()
    var degree: [Int: Int] = [:]
    for arc in arcs { for site in ends(of: arc) { degree[site, default: 0] += 1 } }
    var isLoose = true
    while isLoose {
      isLoose = false
      arcs.removeAll { arc in
        let ends = ends(of: arc)
        guard ends.contains(where: { degree[$0] == 1 && !terminals.contains($0) }) else { return false }
        for site in ends { degree[site, default: 0] -= 1 }
        isLoose = true
        return true
      }
    }
    return arcs
  }

  /// The same links, every arc leading away from `start`.
  func directed(_ arcs: [Int], from start: Int) -> [Int] {
    let at = neighbours(arcs)
    var result: [Int] = []
    var seen: Set<Int> = [start]
    var open = [start]
    while let site = open.popLast() {
      for arc in at[site] ?? [] where seen.insert(Int(head[arc])).inserted {
        result.append(arc)
        open.append(Int(head[arc]))
      }
    }
    return result
  }
}
