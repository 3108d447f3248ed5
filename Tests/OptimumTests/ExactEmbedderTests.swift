import Embedding
import Infrastructure
import Optimum
import Quantities
import Testing

@Suite struct ExactEmbedderTests {
  /// Solves, and has the result added up again.
  private func solve(
    _ request: VirtualInfrastructure, on view: SubstrateView, _ embedder: ExactEmbedder = ExactEmbedder(),
    keeping: Embedding? = nil
  ) throws -> ExactSolution {
    let solution = try embedder.solve(request, on: view, keeping: keeping)
    #expect(EmbeddingCheck.violations(of: solution.embedding, for: request, on: view) == [])
    #expect(solution.cost == ExactSolution.cost(of: solution.embedding, for: request))
    #expect(solution.bound <= solution.cost)
    return solution
  }

  private let pair = Substrate(
    name: name("s"), sites: ["a", "b", "m"].map { site($0) },
    hosts: [host("h-a", "a"), host("h-b", "b")],
    links: [link("a", "b", 1000), link("a", "m", 1000), link("b", "m", 1000)])

  /// As good as the best of all embeddings, and refused exactly where there is none; with enough of each sort.
  @Test(arguments: 0..<6) func asEnumeration(batch: UInt64) throws {
    var counts = (crossing: 0, local: 0, none: 0)
    for seed in batch * 40..<(batch + 1) * 40 {
      let random = RandomCase(seed: seed)
      let best = Enumeration(random.request, on: random.view).best
      do {
        let solution = try solve(random.request, on: random.view)
        let cost = try #require(best, "seed \(seed): a solution where there is none").cost
        #expect(abs(solution.cost - cost) < 1 && solution.isOptimal, "seed \(seed)")
        if cost > 0 { counts.crossing += 1 } else { counts.local += 1 }
      } catch let problem as Problem {
        #expect(
          best == nil && ["infeasible", "rules-disagree", "pins-disagree"].contains(problem.code),
          "seed \(seed): \(problem)")
        counts.none += 1
      }
    }
    #expect(counts.crossing >= 5 && counts.local >= 2 && counts.none >= 5, "\(counts)")
  }

  @Test func whatCannotBeIsProven() throws {
    let request = infrastructure(
      [node("x", site: "a"), node("y", site: "b")], [wire("w", "x", "y", 1500)])
    let problem = #expect(throws: Problem.self) {
      try ExactEmbedder().solve(request, on: SubstrateView(pair))
    }
    #expect(problem?.kind == .refused && problem?.code == "infeasible")
    #expect(problem?.message.contains("no embedding of infrastructure lab exists") == true)
    let refusal = #expect(throws: Refusal.self) {
      try ExactEmbedder().place(request, on: SubstrateView(pair), keeping: nil)
    }
    #expect(refusal?.problem.code == "infeasible")
  }

  @Test func aWireIsSplitWhereThatIsAllowed() throws {
    let request = infrastructure(
      [node("x", site: "a"), node("y", site: "b")], [wire("w", "x", "y", 1500, back: 300)])
    let solution = try solve(request, on: SubstrateView(pair), ExactEmbedder(splitsWires: true))
    let paths = try #require(solution.embedding.trees[name("w")]).paths
    #expect(paths.map(\.links) == [[0], [1, 2]])
    #expect(solution.isOptimal && abs(solution.cost - 1.2e9) < 1e6)
  }

  /// What need not be split is not dearer where it may be.
  @Test(arguments: 0..<60) func splittingCostsNoMore(seed: UInt64) throws {
    let random = RandomCase(seed: seed)
    guard let whole = try? solve(random.request, on: random.view) else { return }
    let split = try solve(random.request, on: random.view, ExactEmbedder(splitsWires: true))
    #expect(split.cost <= whole.cost * (1 + 1e-6), "seed \(seed)")
  }

  @Test func wrongNamesAreToldAsSuch() {
    let problem = #expect(throws: Problem.self) {
      try ExactEmbedder().solve(infrastructure([node("x", site: "c")]), on: SubstrateView(pair))
    }
    #expect(problem?.code == "unknown-site")
  }

  @Test func keptNodesStay() throws {
    let request = infrastructure([node("x"), node("y", site: "b")], [wire("w", "x", "y", 100)])
    #expect(try solve(request, on: SubstrateView(pair)).cost == 0)
    let old = Embedding(placement: [name("x"): name("h-a")], trees: [:])
    let kept = try solve(request, on: SubstrateView(pair), keeping: old)
    #expect(kept.embedding.placement[name("x")] == name("h-a") && kept.cost == 1e8)
  }

  /// To the byte, which the program's tolerances do not see.
  @Test func oneByteTooMuch() throws {
    var substrate = pair
    substrate.hosts[0].memory = ByteCount(bytes: (2 << 40) - 1)
    substrate.hosts[1].memory = mebibytes(1)
    var request = infrastructure([node("x"), node("y")])
    for index in 0..<2 { request.nodes[index].memory = ByteCount(bytes: 1 << 40) }
    #expect(throws: Problem.self) { try ExactEmbedder().solve(request, on: SubstrateView(substrate)) }
    substrate.hosts[0].memory = ByteCount(bytes: 2 << 40)
    _ = try solve(request, on: SubstrateView(substrate))
  }

  @Test func anEmptyRequest() throws {
    #expect(try solve(infrastructure([]), on: SubstrateView(pair)).isOptimal)
  }
}
