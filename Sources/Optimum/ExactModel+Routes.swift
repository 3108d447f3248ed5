import Infrastructure

/// Flows from a network's first member to the others.
extension ExactModel {
  mutating func route(_ number: Int) -> Route {
    let net = problem.nets[number]
    let isSplit = isSplitting && net.members.count == 2 && net.bound == nil
    let ways = ExactWays(net, problem, isSplit: isSplit)
    let isWire = net.members.count == 2
    let isRouted = net.weight > 0 || !narrowSites.isEmpty || (net.bound != nil && !isWire)
    guard isRouted else {
      for other in net.members.dropFirst() { join(net.members[0], other, net, ways, flow: []) }
      return Route()
    }
    var route = Route()
    for arc in ways.arcs {
      let cost = net.weight / scale
      let column = isSplit ? program.addColumn(in: 0...1, cost: cost) : program.addChoice(cost: cost)
      objective.append(Term(column, cost))
      route.arcs.append((arc, column))
      let direction: Resource.Direction = arc.number % 2 == 0 ? .forward : .reverse
      load(.link(arc.number / 2, direction), column, net.forward)
      load(.link(arc.number / 2, direction.reversed), column, net.backward)
    }
    if isWire {
      conserve(route.arcs, from: net.members[0], to: net.members[1])
      join(net.members[0], net.members[1], net, ways, flow: route.arcs.map(\.column))
      if let bound = net.bound { addLatency(route.arcs.map { ($0.arc, [Term($0.column)]) }, bound) }
    } else {
      grow(route, net, ways)
    }
    return route
  }

  /// What leaves a site and does not come in begins there, and the other way round.
  private mutating func conserve(_ flow: [(arc: ExactWays.Arc, column: Column)], from start: Int, to end: Int) {
    var terms = [[Term]](repeating: [], count: problem.sites)
    for (arc, column) in flow {
      terms[arc.tail].append(Term(column, 1))
      terms[arc.head].append(Term(column, -1))
    }
    for site in 0..<problem.sites {
      program.addRow(terms[site] + at(site, start, -1) + at(site, end), equal: 0)
    }
  }

  /// Columns for the pairs of sites where two members may be; the flow is at least as long as those are far.
  private mutating func join(_ one: Int, _ other: Int, _ net: ExactProblem.Net, _ ways: ExactWays, flow: [Column]) {
    var rows: [Int: [Term]] = [:]
    var columns: [Int: [Term]] = [:]
    var length = flow.map { Term($0, 1) }
    for start in sites(of: one) {
      for end in sites(of: other) {
        guard let hops = ways.hops[start][end], start != end || mayMeet(one, other, at: start) else { continue }
        if let bound = net.bound, let latency = ways.latency[start][end], latency > bound { continue }
        let pair = program.addColumn()
        rows[start, default: []].append(Term(pair))
        columns[end, default: []].append(Term(pair))
        if hops > 0 { length.append(Term(pair, -Double(hops))) }
      }
    }
    for site in sites(of: one) { program.addRow((rows[site] ?? []) + at(site, one, -1), equal: 0) }
    for site in sites(of: other) { program.addRow((columns[site] ?? []) + at(site, other, -1), equal: 0) }
    if !flow.isEmpty { program.addRow(length, atLeast: 0) }
  }

  /// Whether two units may be at one site: on two hosts of it, or on one that has room for both.
  private func mayMeet(_ one: Int, _ other: Int, at site: Int) -> Bool {
    let (a, b) = (problem.units[one], problem.units[other])
    let apart = problem.rules.filter { $0.kind == .apart && $0.units.contains(one) && $0.units.contains(other) }
    if apart.contains(where: { $0.place == .site }) { return false }
    let there = problem.directory.siteOfHost
    let (hosts, others) = (a.hosts.filter { there[$0] == site }, b.hosts.filter { there[$0] == site })
    if Set(hosts + others).count > 1, !hosts.isEmpty, !others.isEmpty { return true }
    guard let host = hosts.first, others.first == host, apart.isEmpty else { return false }
    let view = problem.view
    return ExactProblem.sum(a.cpu, b.cpu) <= view.free(.cpu(host: host))
      && ExactProblem.sum(a.memory, b.memory) <= view.free(.memory(host: host))
      && ExactProblem.sum(a.storage, b.storage) <= view.free(.storage(host: host))
      && ExactProblem.sum(a.slots, b.slots) <= view.free(.slots(host: host))
  }

  /// `flow` times the latencies of its arcs stays within the bound.
  private mutating func addLatency(_ flow: [(arc: ExactWays.Arc, terms: [Term])], _ bound: Duration) {
    let unit = max(bound, .nanoseconds(1))
    var row: [Term] = []
    for (arc, terms) in flow {
      let share = problem.view.substrate.links[arc.number / 2].latency / unit
      row += terms.map { Term($0.column, $0.factor * share) }
    }
    program.addRow(row, atMost: bound / unit)
  }

  /// A tree away from the first member: each other member has a flow within it.
  private mutating func grow(_ route: Route, _ net: ExactProblem.Net, _ ways: ExactWays) {
    let root = net.members[0]
    var flows: [[(arc: ExactWays.Arc, column: Column)]] = []
    for member in net.members.dropFirst() {
      var flow: [(arc: ExactWays.Arc, column: Column)] = []
      for (arc, chosen) in route.arcs {
        let column = program.addColumn(in: 0...1)
        program.addRow([Term(column), Term(chosen, -1)], atMost: 0)
        flow.append((arc, column))
      }
      conserve(flow, from: root, to: member)
      join(root, member, net, ways, flow: flow.map(\.column))
      flows.append(flow)
    }
    guard let bound = net.bound else { return }
    // With one way in at most, and none at the root, what is joined to the root is a tree, and flows have no choice.
    for site in 0..<problem.sites {
      let entering = route.arcs.filter { $0.arc.head == site }.map { Term($0.column) }
      program.addRow(entering + at(site, root), atMost: 1)
    }
    for (number, flow) in flows.enumerated() {
      addLatency(flow.map { ($0.arc, [Term($0.column)]) }, bound)
      for other in flows[..<number] { addLatency(difference(flow, other), bound) }
    }
  }

  /// Two members are joined by the arcs that lead to one of them only.
  private mutating func difference(
    _ one: [(arc: ExactWays.Arc, column: Column)], _ other: [(arc: ExactWays.Arc, column: Column)]
  ) -> [(arc: ExactWays.Arc, terms: [Term])] {
    var result: [(arc: ExactWays.Arc, terms: [Term])] = []
    for (mine, its) in zip(one, other) {
      let column = program.addColumn(in: 0...1)
      program.addRow([Term(column), Term(mine.column, -1), Term(its.column)], atLeast: 0)
      program.addRow([Term(column), Term(mine.column), Term(its.column, -1)], atLeast: 0)
      result.append((mine.arc, [Term(column)]))
    }
    return result
  }
}
