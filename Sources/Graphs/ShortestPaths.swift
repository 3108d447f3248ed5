/// How every node is reached from the nearest of some sources.
public struct ShortestPaths: Sendable {
  /// The sum of weights from the nearest source; nil where no path leads there. Sums stop at `Int.max - 1`.
  public func distance(to node: Int) -> Int? { distances[node] == .max ? nil : distances[node] }

  /// The edges from `node` back to its source, the one at `node` first; empty at a source and where no path
  /// leads there.
  public func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var at = node
    while via[at] >= 0 {
      path.append(via[at])
      at = graph.edges[via[at]].other(than: at)
    }
    return path
  }

  private let graph: Graph
  private var distances: [Int]
  private var via: [Int]

  /// Dijkstra, *A note on two problems in connexion with graphs*, 1959, with a binary heap: O((n + m) log n).
  ///
  /// Deviation: a node that became nearer stays in the heap with its old distance, too, and is skipped there.
  fileprivate init(_ graph: Graph, _ sources: some Sequence<Int>, usable: Graph.EdgeFilter) {
    self.graph = graph
    distances = Array(repeating: .max, count: graph.nodeCount)
    via = Array(repeating: -1, count: graph.nodeCount)
    var heap = BinaryHeap<(distance: Int, node: Int)> { $0 < $1 }
    for source in sources where distances[source] > 0 {
      distances[source] = 0
      heap.push((0, source))
    }
    while let (distance, node) = heap.pop() {
      guard distance == distances[node] else { continue }
      for edge in graph.incident[node] where usable(edge) {
        let next = graph.edges[edge].other(than: node)
        let (sum, overflow) = distance.addingReportingOverflow(graph.edges[edge].weight)
        let candidate = overflow ? .max - 1 : min(sum, .max - 1)
        guard candidate < distances[next] else { continue }
        distances[next] = candidate
        via[next] = edge
        heap.push((candidate, next))
      }
    }
  }
}

extension Graph {
  /// The shortest paths from the nearest of `sources` to every node; O((n + m) log n).
  public func shortestPaths(
    from sources: some Sequence<Int>, usable: EdgeFilter = { _ in true }
  ) -> ShortestPaths {
    ShortestPaths(self, sources, usable: usable)
  }
}
