/// Putting units somewhere and elsewhere.
extension Search {
  /// Puts the unit on the host and joins its networks, the heaviest first; changes nothing where it returns false.
  mutating func place(_ number: Int, on host: Int) -> Bool {
    state.settle(number, on: host)
    for net in heaviestFirst(problem.units[number].networks) where !join(net, number, host) {
      state.remove(number)
      return false
    }
    guard !isHard || state.overdraft == 0 else {
      state.remove(number)
      return false
    }
    return true
  }

  private mutating func join(_ net: Int, _ unit: Int, _ host: Int) -> Bool {
    let hosts = state.routes[net].hosts
    if hosts.isEmpty || hosts.contains(where: { $0.host == host }) {
      state.enter(net, host, arcs: [])
      return true
    }
    if let arcs = way(net, from: unit, at: graph.site(of: host)) {
      state.enter(net, host, arcs: arcs)
      return true
    }
    guard problem.nets[net].bound != nil, hosts.count > 1 else { return false }
    let old = state.routes[net]
    state.enter(net, host, arcs: [])
    if let arcs = tree(net) {
      state.reroute(net, over: arcs)
      return true
    }
    state.restore(net, old)
    return false
  }

  func heaviestFirst(_ nets: [Int]) -> [Int] {
    nets.sorted { a, b in
      let (first, second) = (problem.nets[a], problem.nets[b])
      if first.weight != second.weight { return first.weight > second.weight }
      if (first.bound == nil) != (second.bound == nil) { return second.bound == nil }
      return a < b
    }
  }

  /// Puts the unit where it really costs least among the first `tries` candidates; the others are returned, best
  /// last, for a search that comes back. Nil where no candidate took it.
  mutating func placeBest(_ number: Int, _ candidates: [Candidate], tries: Int) -> [Candidate]? {
    var best: (host: Int, energy: Double)?
    var position = 0
    while position < candidates.count, position < tries || best == nil {
      let candidate = candidates[position]
      position += 1
      let before = energy
      if let best, before + Double(candidate.cost) >= best.energy { break }
      guard place(number, on: candidate.host) else { continue }
      let after = energy + hostCost(number, candidate.host)
      if after < best?.energy ?? .infinity { best = (candidate.host, after) }
      if position == candidates.count || position >= tries, best?.host == candidate.host {
        return candidates[position...].reversed()
      }
      state.remove(number)
    }
    guard let best, place(number, on: best.host) else { return nil }
    return candidates[min(position, candidates.count)...].filter { $0.host != best.host }.reversed()
  }

  func hostCost(_ number: Int, _ host: Int) -> Double {
    Double(state.prices.host(problem.units[number], host, state))
  }

  /// Takes the unit to where it costs less; false where it is best off already.
  mutating func relocate(_ number: Int, tries: Int) -> Bool {
    let host = state.hostOf[number]
    guard host >= 0, problem.units[number].host == nil else { return false }
    let nets = problem.units[number].networks
    let routes = nets.map { state.routes[$0] }
    let before = energy + hostCost(number, host)
    state.remove(number)
    let found = candidates(for: number, most: tries)
    let enough = before - 1e-4 - 1e-7 * before.magnitude
    if let first = found.first, energy + Double(first.cost) < enough, placeBest(number, found, tries: tries) != nil {
      if energy + hostCost(number, state.hostOf[number]) < enough { return true }
      state.remove(number)
    }
    state.settle(number, on: host)
    for (net, route) in zip(nets, routes) { state.restore(net, route) }
    return false
  }

  /// Moves units one by one, links never overdrawn, until nothing gets cheaper.
  mutating func polish(rounds: Int, while mayGoOn: (_ steps: Int) -> Bool) {
    isHard = true
    state.resetTolls()
    for _ in 0..<rounds {
      var isBetter = false
      for unit in problem.units.indices {
        guard mayGoOn(steps) else { return }
        if relocate(unit, tries: 3) { isBetter = true }
      }
      if !isBetter { return }
    }
  }

  /// Negotiates until no link is overdrawn: what crosses the worst one is led around it or moved, and links that
  /// stay overdrawn grow dearer. False where it gave up.
  mutating func repair(rounds: Int, until limit: Int) -> Bool {
    isHard = false
    for _ in 0..<rounds {
      if state.overdraft == 0 { return true }
      if steps > limit { return false }
      state.raiseTolls()
      guard let worst = state.worstArc, let net = pick(state.users(of: worst)) else { return false }
      detour(net)
      if state.room[worst] >= 0 { continue }
      let movable = problem.nets[net].members.filter { problem.units[$0].host == nil }
      guard let unit = pick(movable) else { continue }
      if relocate(unit, tries: 4) { continue }
      if let other = movable.first(where: { $0 != unit }), relocate(other, tries: 4) { continue }
      guard kick(unit) else { return false }
    }
    return state.overdraft == 0
  }

  private mutating func pick(_ choices: [Int]) -> Int? { choices.isEmpty ? nil : choices[random.below(choices.count)] }

  private mutating func detour(_ net: Int) {
    let old = state.routes[net].arcs
    guard !old.isEmpty else { return }
    let before = energy
    state.reroute(net, over: [])
    state.reroute(net, over: tree(net) ?? old)
    if energy > before { state.reroute(net, over: old) }
  }

  /// Moves the unit though it costs: to the place of another unit, which has to find a new one, or just away.
  /// False where somebody is left without a place.
  private mutating func kick(_ unit: Int) -> Bool {
    let old = state.hostOf[unit]
    let other = random.below(problem.units.count)
    state.remove(unit)
    if random.below(2) == 0, other != unit, problem.units[other].host == nil {
      let place = state.hostOf[other]
      state.remove(other)
      let mayGo =
        state.fits(problem.units[unit], place) && problem.allows(problem.units[unit], place)
        && problem.tolerates(problem.units[unit], place) && !isBarred(unit, place)
      if mayGo, self.place(unit, on: place) {
        return placeBest(other, candidates(for: other, most: 3), tries: 3) != nil
      }
      guard self.place(other, on: place) else { return false }
    }
    let elsewhere = candidates(for: unit, most: 3, except: old)
    if placeBest(unit, elsewhere, tries: 3) != nil { return true }
    return self.place(unit, on: old)
  }
}

extension SearchState {
  /// The arc that is overdrawn most; nil where none is.
  var worstArc: Int? {
    guard overdraft > 0 else { return nil }
    var worst = 0
    for arc in room.indices where room[arc] < room[worst] { worst = arc }
    return room[worst] < 0 ? worst : nil
  }

  /// Networks with a rate that cross the arc or its opposite.
  func users(of arc: Int) -> [Int] {
    routes.indices.filter { net in
      guard problem.nets[net].forward + problem.nets[net].backward > 0 else { return false }
      if arc / 2 < graph.links { return routes[net].arcs.contains { $0 / 2 == arc / 2 } }
      return routes[net].hosts.count > 1 && routes[net].hosts.contains { graph.uplink($0.host) / 2 == arc / 2 }
    }
  }
}
