import Foundation
import Graphs

/// SplitMix64 (Steele, Lea and Flood 2014): seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// `SEED=n` runs one seed alone.
let seeds: [UInt64] =
  ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<150)

/// Up to `nodes` nodes, with loops, parallel edges and edges of no weight among its edges.
func randomGraph(_ random: inout SeededGenerator, nodes: Int) -> Graph {
  let count = Int.random(in: 1...nodes, using: &random)
  let edges = (0..<Int.random(in: 0...(2 * count), using: &random)).map { _ in
    Graph.Edge(
      .random(in: 0..<count, using: &random), .random(in: 0..<count, using: &random),
      weight: .random(in: 0...9, using: &random))
  }
  return Graph(nodeCount: count, edges: edges)
}

extension Graph {
  func weight(of tree: [Int]) -> Int { tree.reduce(0) { $0 + edges[$1].weight } }

  /// Distances between all pairs (Floyd and Warshall); nil where no path is.
  func allDistances(usable: EdgeFilter) -> [[Int?]] {
    var distance: [[Int?]] = (0..<nodeCount).map { row in (0..<nodeCount).map { $0 == row ? 0 : nil } }
    for (number, edge) in edges.enumerated() where usable(number) && edge.a != edge.b {
      let shorter = min(distance[edge.a][edge.b] ?? .max, edge.weight)
      (distance[edge.a][edge.b], distance[edge.b][edge.a]) = (shorter, shorter)
    }
    for middle in 0..<nodeCount {
      for from in 0..<nodeCount {
        for to in 0..<nodeCount {
          guard let first = distance[from][middle], let second = distance[middle][to] else { continue }
          distance[from][to] = min(distance[from][to] ?? .max, first + second)
        }
      }
    }
    return distance
  }
}
