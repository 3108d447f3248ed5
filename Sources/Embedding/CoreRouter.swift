import Infrastructure
import Quantities

/// Trees over the core: joins the sites of each network and books its minimum rate on the links.
///
/// A tree starts at one site and takes in the nearest remaining site by its shortest path, again and
/// again (Takahashi and Matsuyama, *An approximate solution for the Steiner problem in graphs*, 1980: at
/// most twice the best sum). Deviation: links without room for the minimum rate do not exist. Where a
/// bound on latency is asked for and that tree breaks it, shortest-path trees rooted at each site in turn
/// are tried, at most `rootBudget` of them: the one rooted at a pair's middle keeps that pair apart by no
/// more than its shortest path.
struct CoreRouter {
  /// Roots tried for one network with a latency bound.
  static let rootBudget = 64

  /// Why a network cannot be joined.
  enum Failure {
    case notJoined(network: Int, Int, Int)
    /// `free` is what is left in bit/s after the infrastructure's networks routed before.
    case linkFull(network: Int, link: Int, free: UInt64)
    case tooFar(network: Int, Int, Int, best: Duration)
  }

  let index: IndexedRequest
  private let core: CoreGraph
  /// In bit/s; the largest number is not limited.
  private var free: [UInt64]
  /// Trees of networks that reserve nothing, by their sites.
  private var known: [[Int]: [Int]] = [:]

  init(_ index: IndexedRequest) {
    self.index = index
    core = CoreGraph(index)
    free = index.view.substrate.links.indices.map { index.view.freeRate(ofLink: $0)?.bitsPerSecond ?? .max }
  }

  /// The tree over the sites of `hosts`, its rate booked; the tree of an earlier embedding where it still serves.
  mutating func join(_ network: Int, hosts: [Int], keeping: NetworkTree?) -> Result<NetworkTree, RoutingFailure> {
    let substrate = index.view.substrate
    var tree = NetworkTree(hosts: hosts.map { substrate.hosts[$0].name }.sorted(), sites: [], links: [])
    guard hosts.count > 1 else { return .success(tree) }
    let terminals = Set(hosts.map { index.siteOfHost[$0] }).sorted()
    switch links(for: network, terminals, keeping: keeping) {
    case .failure(let failure): return .failure(failure)
    case .success(let links):
      book(index.minimum[network], on: links)
      tree.links = links.sorted()
      tree.sites = Set(terminals + links.flatMap(core.ends)).map { substrate.sites[$0].name }.sorted()
      return .success(tree)
    }
  }

  private mutating func book(_ minimum: UInt64, on links: [Int]) {
    for link in links where free[link] != .max { free[link] -= minimum }
  }

  private mutating func links(
    for network: Int, _ terminals: [Int], keeping: NetworkTree?
  ) -> Result<[Int], RoutingFailure> {
    guard terminals.count > 1 else { return .success([]) }
    let minimum = index.minimum[network]
    let bound = index.request.networks[network].maximumLatency
    if let links = kept(keeping, terminals, minimum, bound) { return .success(links) }
    let isPlain = minimum == 0 && bound == nil
    if isPlain, let links = known[terminals] { return .success(links) }
    let room = free
    guard let links = core.graph.steinerTree(over: terminals, usable: { room[$0] >= minimum }) else {
      return .failure(blockage(of: network, terminals))
    }
    if isPlain { known[terminals] = links }
    guard let bound, core.diameter(of: links, terminals).latency > bound else { return .success(links) }
    return nearer(network, terminals, bound, usable: { room[$0] >= minimum })
  }

  /// The tree with the smallest largest latency among those rooted at each site.
  private func nearer(
    _ network: Int, _ terminals: [Int], _ bound: Duration, usable: (Int) -> Bool
  ) -> Result<[Int], RoutingFailure> {
    var best: (latency: Duration, from: Int, to: Int)?
    // Sites of the network first: they are the likeliest middles when the budget is short.
    let roots = terminals + index.view.substrate.sites.indices.filter { !terminals.contains($0) }
    for root in roots.prefix(Self.rootBudget) {
      guard let links = core.graph.shortestPathTree(from: root, to: terminals, usable: usable) else { continue }
      let diameter = core.diameter(of: links, terminals)
      if diameter.latency <= bound { return .success(links) }
      if best.map({ diameter.latency < $0.latency }) ?? true { best = diameter }
    }
    let worst = best ?? (latency: bound, from: terminals[0], to: terminals[1])
    return .failure(
      RoutingFailure(.tooFar(network: network, worst.from, worst.to, best: worst.latency)))
  }

  /// The tree of an earlier embedding, cut back and grown to today's terminals; nil where it does not serve.
  private func kept(_ tree: NetworkTree?, _ terminals: [Int], _ minimum: UInt64, _ bound: Duration?) -> [Int]? {
    guard let tree, tree.links.allSatisfy({ free.indices.contains($0) && free[$0] >= minimum }),
      core.graph.isTree(tree.links)
    else { return nil }
    let seed = core.graph.pruned(tree.links, to: terminals)
    let grown = core.graph.steinerTree(over: terminals, growing: seed, usable: { free[$0] >= minimum })
    guard let links = grown else { return nil }
    return bound.map { core.diameter(of: links, terminals).latency <= $0 } ?? true ? links : nil
  }

  /// Which link lacks room on the best path, or which two sites nothing joins.
  private func blockage(of network: Int, _ terminals: [Int]) -> RoutingFailure {
    guard let links = core.graph.steinerTree(over: terminals, usable: { _ in true }) else {
      let pair = core.separated(terminals)
      return RoutingFailure(.notJoined(network: network, pair.0, pair.1))
    }
    let narrowest = links.min { (free[$0], $0) < (free[$1], $1) } ?? 0
    return RoutingFailure(.linkFull(network: network, link: narrowest, free: free[narrowest]))
  }
}

/// A failure of `CoreRouter` as an error.
struct RoutingFailure: Error {
  let reason: CoreRouter.Failure
  init(_ reason: CoreRouter.Failure) { self.reason = reason }

  var network: Int {
    switch reason {
    case .notJoined(let network, _, _), .linkFull(let network, _, _), .tooFar(let network, _, _, _): network
    }
  }
}
