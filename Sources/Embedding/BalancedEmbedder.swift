import Infrastructure
import Quantities

/// The first embedder: neighbours share a site, load is spread over the site's hosts.
///
/// Two stages, as in Yu, Yi, Rexford and Chiang, *Rethinking Virtual Network Embedding* (CCR 2008):
/// `PlacementSearch` puts nodes on hosts, then `CoreRouter` joins each network's sites, the largest
/// minimum rate first. Deviation: the uplinks' rates are already respected while placing.
///
/// Budget: when routing fails, the network at fault is gathered (its free nodes prefer one site) and the
/// placement repeated, at most `gatherBudget` times a strategy; strategies are balanced, packed, and each
/// of the first `homeBudget` sites as home. The first failure is the one reported.
public struct BalancedEmbedder: Embedder {
  /// Repetitions of one strategy with failed networks gathered.
  static let gatherBudget = 4
  /// Sites tried as home.
  static let homeBudget = 16

  public init() {}

  public func embed(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Problem) -> Embedding {
    let index = try IndexedRequest(request, on: view, keeping: keeping)
    try Refusal.check(index)
    let homes = view.substrate.sites.indices.prefix(Self.homeBudget).map { PlacementSearch.Strategy.home($0) }
    var first: Problem?
    for strategy in [.balanced, .packed] + homes {
      switch attempt(index, strategy, keeping) {
      case .success(let embedding): return embedding
      case .failure(let problem): first = first ?? problem
      }
      // No order of trying makes more room than there is.
      if index.exceedsEverything { break }
    }
    throw first ?? Refusal.noHosts(request)
  }

  private func attempt(
    _ index: IndexedRequest, _ strategy: PlacementSearch.Strategy, _ keeping: Embedding?
  ) -> Result<Embedding, Problem> {
    var gathered: Set<Int> = []
    var first: Problem?
    for _ in 0...Self.gatherBudget {
      var search = PlacementSearch(index, strategy: strategy, gathered: gathered)
      guard let hosts = search.run() else {
        return .failure(first ?? Refusal.deadEnd(of: search, index))
      }
      switch route(index, hosts, keeping) {
      case .success(let embedding): return .success(embedding)
      case .failure(let failure):
        first = first ?? Refusal.route(failure, index)
        guard gathered.insert(failure.network).inserted else { break }
        continue
      }
      break
    }
    return .failure(first ?? Refusal.noHosts(index.request))
  }

  private func route(
    _ index: IndexedRequest, _ hostOf: [Int], _ keeping: Embedding?
  ) -> Result<Embedding, RoutingFailure> {
    let request = index.request
    let hosts = index.view.substrate.hosts
    var router = CoreRouter(index)
    var trees: [Name: NetworkTree] = [:]
    trees.reserveCapacity(request.networks.count)
    // Stable: the largest rate first, then those with a latency bound, then the order of the file.
    let order = request.networks.indices.sorted { a, b in
      let (first, second) = (request.networks[a], request.networks[b])
      if index.minimum[a] != index.minimum[b] { return index.minimum[a] > index.minimum[b] }
      if (first.maximumLatency == nil) != (second.maximumLatency == nil) { return second.maximumLatency == nil }
      return a < b
    }
    for network in order {
      let used = Set(index.members[network].map { hostOf[$0] }).sorted()
      let name = request.networks[network].name
      switch router.join(network, hosts: used, keeping: keeping?.trees[name]) {
      case .success(let tree): trees[name] = tree
      case .failure(let failure): return .failure(failure)
      }
    }
    let placement = zip(request.nodes, hostOf).map { ($0.name, hosts[$1].name) }
    return .success(Embedding(placement: Dictionary(placement, uniquingKeysWith: { a, _ in a }), trees: trees))
  }
}
