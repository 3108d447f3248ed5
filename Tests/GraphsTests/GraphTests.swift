import Graphs
import Testing

@Suite struct GraphTests {
  /// A square 0-1-2-3 and node 4 apart.
  let square = Graph(
    nodeCount: 5, edges: [Graph.Edge(0, 1), Graph.Edge(1, 2), Graph.Edge(2, 3), Graph.Edge(3, 0)])

  @Test func tiesGoToTheLowerNode() {
    #expect(square.shortestPaths(from: [0]).path(to: 2) == [1, 0])
    #expect(square.steinerTree(over: [2, 0]) == [0, 1])
  }

  @Test func filtersCloseEdges() {
    #expect(square.shortestPaths(from: [0]) { $0 != 0 }.path(to: 2) == [2, 3])
    #expect(square.components { $0 > 1 } == [[0, 2, 3], [1], [4]])
    #expect(square.steinerTree(over: [0, 4]) == nil)
    #expect(square.shortestPathTree(from: 4, to: [0]) == nil)
  }

  @Test func treesAreToldFromOtherSets() {
    #expect(square.isTree([0, 1, 2]))
    for other in [[], [0, 1, 2, 3], [0, 2], [0, 0], [9], [-1]] { #expect(!square.isTree(other), "\(other)") }
    #expect(square.pruned([0, 1, 2], to: [1, 2]) == [1])
  }

  @Test func edgesThatJoinNothingKeepTheirNumber() {
    let graph = Graph(nodeCount: 2, edges: [Graph.Edge(-1, 0), Graph.Edge(1, 1), Graph.Edge(0, 2), Graph.Edge(0, 1)])
    #expect(graph.incident == [[3], [3]])
    #expect(graph.neighbours(of: 0).map(\.node) == [1])
    #expect(!graph.isTree([0]) && !graph.isTree([1]) && graph.isTree([3]))
    #expect(graph.pruned([0, 3], to: [1]) == [0, 3])
  }

  @Test func hugeWeightsDoNotOverflow() {
    let graph = Graph(nodeCount: 3, edges: [Graph.Edge(0, 1, weight: .max), Graph.Edge(1, 2, weight: .max)])
    #expect(graph.shortestPaths(from: [0]).distance(to: 2) == .max - 1)
    #expect(Graph(nodeCount: -1, edges: []).components().isEmpty)
  }
}
