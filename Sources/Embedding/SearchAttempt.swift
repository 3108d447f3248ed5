import Infrastructure
import Quantities

/// One call of `SearchEmbedder.place`.
struct SearchAttempt {
  let problem: SearchProblem
  let embedder: SearchEmbedder
  var search: Search
  private var best: (energy: Double, state: SearchState, splits: [Int: SplitRoute])?
  /// The start that came nearest: least overdrawn, or where a unit found no host.
  private(set) var failure: Failure?

  enum Failure {
    /// No host took this unit.
    case deadEnd(unit: Int, SearchState)
    case overdrawn(SearchState)
  }

  init(_ problem: SearchProblem, _ embedder: SearchEmbedder) {
    self.problem = problem
    self.embedder = embedder
    search = Search(problem, Prices(embedder.strategy, problem.view), seed: embedder.seed)
  }

  mutating func run() throws(Refusal) -> Embedding {
    let blank = search.state
    let matching = Matching(problem, blank)
    for rule in problem.rules {
      if let unit = matching.unmatched(rule) { throw Refusal.crowded(rule, unit, problem) }
    }
    var found = 0
    for start in 0..<SearchEmbedder.starts.most {
      if start > 0, search.steps > embedder.budget { break }
      search.state = blank
      guard attempt(start) else { continue }
      found += 1
      let isDear = search.steps > embedder.budget / 4
      let enough = isDear ? SearchEmbedder.starts.enoughSpent : SearchEmbedder.starts.enough
      if found >= enough || isUnbeatable || embedder.isHurried() { break }
    }
    guard let best else { throw Refusal.explain(failure, problem, &search) }
    return try embedding(best.state, best.splits)
  }

  /// Nothing crosses the core: no answer is cheaper there.
  private var isUnbeatable: Bool {
    best.map { $0.state.cost < 1e-6 } ?? false && [.balance, .nearest].contains(embedder.strategy)
  }

  private mutating func attempt(_ start: Int) -> Bool {
    search.isHard = false
    guard construct(start) else { return false }
    let limit = embedder.budget
    guard search.repair(rounds: 60, until: limit) else {
      note(.overdrawn(search.state))
      guard embedder.splitsPaths, best == nil, let splits = search.split() else { return false }
      best = (.infinity, search.state, splits)
      return false
    }
    if search.state.cost > 1e-6 || embedder.strategy == .cheapest {
      search.polish(rounds: 4) { [embedder] steps in steps <= limit && !embedder.isHurried() }
    }
    let energy = search.energy + problem.units.indices.reduce(0) { $0 + search.hostCost($1, search.state.hostOf[$1]) }
    if energy < best?.energy ?? .infinity { best = (energy, search.state, [:]) }
    return true
  }

  private mutating func note(_ new: Failure) {
    switch (failure, new) {
    case (.overdrawn(let old), .overdrawn(let state)) where state.overdraft >= old.overdraft: return
    case (.overdrawn, .deadEnd), (.deadEnd, .deadEnd): return
    default: failure = new
    }
  }

  /// Depth first: every unit on the best host that takes it, back to the one before where there is none.
  private mutating func construct(_ start: Int) -> Bool {
    let order = order(start)
    guard let first = order.first else { return true }
    // A request that did not fit at once is tried by size, with all hosts there are.
    let isPacking = start % 2 == 1
    let most = isPacking ? 64 : 6
    var untried: [[Search.Candidate]] = []
    var choices = opening(first, start, most)
    var retreats = 0
    while true {
      let unit = order[untried.count]
      if let rest = search.placeBest(unit, choices, tries: isPacking ? 1 : 2) {
        untried.append(rest)
        if untried.count == order.count { return true }
        choices = search.candidates(for: order[untried.count], most: most)
        continue
      }
      note(.deadEnd(unit: unit, search.state))
      retreats += 1
      guard retreats < SearchEmbedder.retreats, search.steps <= embedder.budget || start == 0 else { return false }
      var isBack = false
      while let last = untried.popLast() {
        search.state.remove(order[untried.count])
        if last.isEmpty { continue }
        choices = last.reversed()
        isBack = true
        break
      }
      guard isBack else { return false }
    }
  }

  /// Where the first unit may go: at the roomiest site in the first start, at one of the roomier ones later.
  private mutating func opening(_ unit: Int, _ start: Int, _ most: Int) -> [Search.Candidate] {
    let isBound = problem.units[unit].host != nil || problem.units[unit].site != nil
    let isByPlace = [.balance, .nearest].contains(embedder.strategy)
    if isBound || (start == 0 && !isByPlace) { return search.candidates(for: unit, most: most) }
    let sites = roomiest(unit)
    guard !sites.isEmpty else { return search.candidates(for: unit, most: most) }
    let among = min(sites.count, max(6, sites.count / (start < 6 ? 4 : 1)))
    let site = sites[start == 0 ? 0 : search.random.below(among)]
    let found = search.candidates(for: unit, most: most, site: site)
    return found.isEmpty ? search.candidates(for: unit, most: most) : found
  }

  /// Sites with a host for the unit, those with most room for its networks first, then with most processor free.
  private mutating func roomiest(_ number: Int) -> [Int] {
    let unit = problem.units[number]
    let state = search.state
    let hosts = problem.allowed(unit).filter { state.fits(unit, $0) && problem.tolerates(unit, $0) }
    search.steps += hosts.count
    var free: [Int: UInt64] = [:]
    for host in hosts {
      free[problem.graph.site(of: host)] = saturatingSum(free[problem.graph.site(of: host)] ?? 0, state.freeCPU[host])
    }
    let isRated = problem.nets.contains { $0.forward + $0.backward > 0 }
    let keys = free.map { (site: $0, room: isRated ? state.room(around: $0) : 0, free: $1) }
    return keys.sorted { ($0.room, $0.free, $1.site) > ($1.room, $1.free, $0.site) }.map(\.site)
  }
}
