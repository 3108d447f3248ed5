/// An undirected graph over the nodes `0 ..< nodeCount` with weighted edges; parallel edges are allowed.
///
/// An edge is named by its number in `edges`. An edge with an end that is no node, and a loop, keeps its
/// number but joins nothing. Every answer is the same for the same graph: ties go to the lower number.
public struct Graph: Sendable {
  /// An undirected edge.
  public struct Edge: Hashable, Sendable {
    /// The two ends, in either order.
    public let a, b: Int
    /// At least 0.
    public let weight: Int

    /// - Parameter weight: A negative one counts as 0, for Dijkstra's algorithm is wrong with it.
    public init(_ a: Int, _ b: Int, weight: Int = 1) {
      self.a = a
      self.b = b
      self.weight = max(0, weight)
    }

    /// Both ends.
    public var ends: [Int] { [a, b] }

    /// The end that is not `node`.
    public func other(than node: Int) -> Int { a == node ? b : a }
  }

  /// Which edges may be used, by number.
  public typealias EdgeFilter = (Int) -> Bool

  /// How many nodes there are.
  public let nodeCount: Int
  /// Every edge; its index is its number.
  public let edges: [Edge]
  /// The numbers of the edges at each node, rising.
  public let incident: [[Int]]

  /// - Parameter nodeCount: A negative one counts as 0.
  public init(nodeCount: Int, edges: [Edge]) {
    self.nodeCount = max(0, nodeCount)
    self.edges = edges
    let nodes = 0..<self.nodeCount
    var incident = Array(repeating: [Int](), count: self.nodeCount)
    for (number, edge) in edges.enumerated() where edge.a != edge.b && edge.ends.allSatisfy(nodes.contains) {
      incident[edge.a].append(number)
      incident[edge.b].append(number)
    }
    self.incident = incident
  }

  /// The nodes one usable edge away, each with that edge, by rising number of the edge.
  public func neighbours(of node: Int, usable: EdgeFilter = { _ in true }) -> [(node: Int, edge: Int)] {
    incident[node].filter(usable).map { (edges[$0].other(than: node), $0) }
  }

  /// The connected parts, each with its nodes rising, by smallest node; breadth first, O(n + m).
  public func components(usable: EdgeFilter = { _ in true }) -> [[Int]] {
    var isSeen = Array(repeating: false, count: nodeCount)
    return (0..<nodeCount).compactMap { start in
      guard !isSeen[start] else { return nil }
      isSeen[start] = true
      var queue = [start]
      var head = 0
      while head < queue.count {
        for (next, _) in neighbours(of: queue[head], usable: usable) where !isSeen[next] {
          isSeen[next] = true
          queue.append(next)
        }
        head += 1
      }
      return queue.sorted()
    }
  }
}
