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
/// on nothing else, unless it is told to hurry.
public struct SearchEmbedder: Embedder {
  public var strategy: Strategy
  public var seed: UInt64
  public var budget: Int
  /// Whether a wire that no single path carries may be led over several. What is split can be planned, but not
  /// built: the data plane has one tree a network.
  public var splitsPaths: Bool
  /// True where somebody waits: then the best answer so far is taken, the first one as it is. Several times quicker,
  /// and some percent dearer.
  private(set) var isHurried: @Sendable () -> Bool = { false }

  public func hurrying(when othersWait: @escaping @Sendable () -> Bool) -> any Embedder {
    var hurrying = self
    hurrying.isHurried = othersWait
    return hurrying
  }

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
      var packing = self
      packing.strategy = .consolidate
      var packed = SearchAttempt(problem, packing)
      guard let embedding = try? packed.run() else { throw error }
      return embedding
    }
  }
}
