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

  /// As good as the best of all embeddings, and refused exactly where there is none.
  @Test(arguments: 0..<300) func asEnumeration(seed: UInt64) throws {
    let random = RandomCase(seed: seed)
    let best = Enumeration(random.request, on: random.view).best
    do {
      let solution = try solve(random.request, on: random.view)
      let cost = try #require(best, "seed \(seed): a solution where there is none").cost
      #expect(abs(solution.cost - cost) < 1, "seed \(seed)")
      #expect(solution.isOptimal, "seed \(seed)")
    } catch let problem as Problem {
      #expect(best == nil, "seed \(seed): \(problem.message)")
      #expect(problem.code == "infeasible" || problem.kind == .invalid || problem.kind == .notFound, "seed \(seed)")
    }
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
