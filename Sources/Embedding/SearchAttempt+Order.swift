/// In which order a start puts units down.
extension SearchAttempt {
  /// Bound units first; then from a heavy unit along the heaviest networks, or by falling size.
  mutating func order(_ start: Int) -> [Int] {
    let units = problem.units
    let bound = units.indices.filter { units[$0].host != nil }.sorted { !units[$1].isKept && units[$0].isKept }
    let strengths = units.map { unit in unit.networks.reduce(Float(0)) { $0 + problem.nets[$1].weight } }
    let sizes = units.indices.map { size(units[$0]) }
    let free = units.indices.filter { units[$0].host == nil }
    if start % 2 == 1 || free.count > 2000 {
      return bound
        + free.sorted { a, b in
          let (first, second) = (units[a].site != nil ? 0 : 1, units[b].site != nil ? 0 : 1)
          return (first, -sizes[a], -strengths[a], a) < (second, -sizes[b], -strengths[b], b)
        }
    }
    let heavy = free.sorted { (strengths[$0], sizes[$0], $1) > (strengths[$1], sizes[$1], $0) }
    let seeds = bound.isEmpty ? heavy.prefix(1 + (start < 3 ? 0 : search.random.below(3))).suffix(1) : []
    return along(bound + seeds, Set(free).subtracting(seeds), strengths)
  }

  private func along(_ placed: [Int], _ rest: Set<Int>, _ strengths: [Float]) -> [Int] {
    var order = placed
    var pull = [Float](repeating: 0, count: problem.units.count)
    var isReached = [Bool](repeating: false, count: problem.nets.count)
    func reach(_ unit: Int) {
      for net in problem.units[unit].networks where !isReached[net] {
        isReached[net] = true
        for other in problem.nets[net].members { pull[other] += problem.nets[net].weight }
      }
    }
    for unit in placed { reach(unit) }
    var left = rest
    while let next = left.max(by: { (2 * pull[$0] + strengths[$0], $1) < (2 * pull[$1] + strengths[$1], $0) }) {
      left.remove(next)
      order.append(next)
      reach(next)
    }
    return order
  }

  /// The unit's dominant share of the largest host.
  private func size(_ unit: SearchProblem.Unit) -> Float {
    max(
      Float(unit.cpu) / Float(max(1, problem.largest.cpu)), Float(unit.memory) / Float(max(1, problem.largest.memory)))
  }
}
