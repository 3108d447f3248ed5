import Infrastructure
import Quantities

/// Places nodes and networks together, then betters the answer move by move.
///
/// One *start* puts the units down one after another, each where its networks to those already placed cost
/// least: nodes and links in one step, as the one-stage embedders do (J. Lischka and H. Karl, *A virtual network
/// mapping algorithm based on subgraph isomorphism detection*, 2009), not hosts first and paths after. Links may
/// be overdrawn meanwhile; what is overdrawn is negotiated away (`Search.repair`, after PathFinder), and the rest
/// is a local search that takes one unit out and puts it back where it is cheapest (ruin and recreate,
/// G. Schrimpf et al., 2000). Several starts, from different units and hosts, and the cheapest answer wins.
///
/// A search spends at most about `budget` steps (a step is a site settled by Dijkstra's algorithm, or a host
/// looked at) after its first start; the answer depends on the request, the view, the strategy and the seed, and
/// on nothing else.
public struct SearchEmbedder: Embedder {
  public var strategy: Strategy
  public var seed: UInt64
  public var budget: Int
  /// Whether a wire that no single path carries may be led over several. What is split can be planned, but not
  /// built: the data plane has one tree a network.
  public var splitsPaths: Bool
  /// Most starts; and how many answers are enough, on small problems and where a quarter of the budget is spent.
  static let starts = (most: 24, enough: 16, enoughSpent: 4)
  /// Placements given up and tried anew before a start fails.
  static let retreats = 2000

  public init(strategy: Strategy = .balance, seed: UInt64 = 0, budget: Int = 60_000, splitsPaths: Bool = false) {
    self.strategy = strategy
    self.seed = seed
    self.budget = budget
    self.splitsPaths = splitsPaths
  }

  public func place(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Refusal) -> Embedding {
    let problem = try SearchProblem(request, on: view, keeping: keeping)
    try Refusal.check(problem)
    var attempt = SearchAttempt(problem, self)
    do throws(Refusal) { return try attempt.run() } catch {
      // Networks that stay on one host need no VLAN: where these ran short, neighbours are packed.
      guard case .vlans = error.bottleneck?.resource, strategy != .consolidate else { throw error }
      var packed = SearchAttempt(
        problem, SearchEmbedder(strategy: .consolidate, seed: seed, budget: budget, splitsPaths: splitsPaths))
      guard let embedding = try? packed.run() else { throw error }
      return embedding
    }
  }
}

/// One call of `SearchEmbedder.place`.
struct SearchAttempt {
  let problem: SearchProblem
  let embedder: SearchEmbedder
  private var search: Search
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
      if found >= enough || isUnbeatable { break }
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
    if search.state.cost > 1e-6 || embedder.strategy == .cheapest { search.polish(rounds: 4, until: limit) }
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

  /// Bound units first; then from a heavy unit along the heaviest networks, or by falling size.
  private mutating func order(_ start: Int) -> [Int] {
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

  private func embedding(_ state: SearchState, _ splits: [Int: SplitRoute]) throws(Refusal) -> Embedding {
    let substrate = problem.view.substrate
    var crossing: [Int: Int] = [:]
    var trees: [Name: NetworkTree] = [:]
    trees.reserveCapacity(problem.nets.count)
    for (number, network) in problem.request.networks.enumerated() {
      let units = problem.nets[number].members
      let hosts = Set(units.map { state.hostOf[$0] })
      var tree = NetworkTree(hosts: hosts.map { substrate.hosts[$0].name }.sorted(), sites: [], links: [])
      if hosts.count > 1 {
        let paths = splits[number]?.paths ?? []
        let arcs = paths.isEmpty ? state.routes[number].arcs : paths.flatMap(\.arcs)
        tree.paths = paths.map { path in
          SplitPath(
            links: path.arcs.map { $0 / 2 }, rate: Bitrate(bitsPerSecond: UInt64(path.forward)),
            reverseRate: Bitrate(bitsPerSecond: UInt64(path.backward)))
        }
        let sites = Set(hosts.map(problem.graph.site) + arcs.flatMap(problem.graph.ends))
        for site in sites { crossing[site, default: 0] += 1 }
        tree.sites = sites.map { substrate.sites[$0].name }.sorted()
        tree.links = Set(arcs.map { $0 / 2 }).sorted()
      }
      trees[network.name] = tree
    }
    for (site, count) in crossing.sorted(by: { $0.key < $1.key }) {
      let free = problem.view.free(.vlans(site: site))
      if UInt64(count) > free { throw Refusal.vlansShort(problem, site, needed: UInt64(count), free: free) }
    }
    let placement = problem.request.nodes.indices.map {
      (problem.request.nodes[$0].name, substrate.hosts[state.hostOf[problem.unitOf[$0]]].name)
    }
    return Embedding(placement: Dictionary(placement, uniquingKeysWith: { a, _ in a }), trees: trees)
  }
}
