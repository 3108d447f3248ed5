import Graphs
import Testing

@Suite struct GraphPropertyTests {
  @Test(arguments: seeds) func distancesAreFloydAndWarshalls(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let graph = randomGraph(&random, nodes: 20)
    let open = Set(graph.edges.indices.filter { _ in Bool.random(using: &random) || Bool.random(using: &random) })
    let expected = graph.allDistances(usable: open.contains)
    for from in 0..<graph.nodeCount {
      let paths = graph.shortestPaths(from: [from], usable: open.contains)
      for to in 0..<graph.nodeCount {
        #expect(paths.distance(to: to) == expected[from][to], "SEED=\(seed) \(from) to \(to)")
        #expect(graph.weight(of: paths.path(to: to)) == expected[from][to] ?? 0, "SEED=\(seed) \(from) to \(to)")
      }
    }
    let parts = graph.components(usable: open.contains)
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<graph.nodeCount), "SEED=\(seed)")
    for part in parts {
      for node in 0..<graph.nodeCount {
        #expect((expected[part[0]][node] != nil) == part.contains(node), "SEED=\(seed) node \(node)")
      }
    }
  }

  @Test(arguments: seeds) func steinerTreesWeighAtMostTwiceTheBest(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let graph = randomGraph(&random, nodes: 7)
    let terminals = Array((0..<graph.nodeCount).shuffled(using: &random).prefix(.random(in: 1...4, using: &random)))
    let best = lightest(graph, terminals)
    let tree = graph.steinerTree(over: terminals)
    #expect((tree == nil) == (best == nil), "SEED=\(seed)")
    guard let tree, let best else { return }
    #expect(graph.weight(of: tree) <= 2 * best, "SEED=\(seed)")
    #expect(terminals.count == 1 ? tree.isEmpty : graph.isTree(tree), "SEED=\(seed)")
    #expect(graph.pruned(tree, to: terminals) == tree, "SEED=\(seed)")
    #expect(graph.steinerTree(over: terminals.reversed(), growing: tree) == tree, "SEED=\(seed)")
    let rooted = graph.shortestPathTree(from: terminals[0], to: terminals)
    #expect(rooted.map { $0.isEmpty ? terminals.count == 1 : graph.isTree($0) } == true, "SEED=\(seed)")
  }

  /// The least weight over all sets of edges that join the terminals.
  private func lightest(_ graph: Graph, _ terminals: [Int]) -> Int? {
    (0..<(1 << graph.edges.count)).lazy.compactMap { set -> Int? in
      let members = graph.edges.indices.filter { set >> $0 & 1 == 1 }
      let parts = graph.components { set >> $0 & 1 == 1 }
      return parts.contains { Set(terminals).isSubset(of: $0) } ? graph.weight(of: members) : nil
    }.min()
  }
}
