import Graphs
import Infrastructure
import Quantities

/// The core as a graph: sites are nodes, core links are edges weighted by latency.
struct CoreGraph {
  /// Edges have the links' numbers, weights are in picoseconds.
  let graph: Graph
  private let latency: [Duration]

  init(_ index: IndexedRequest) {
    let substrate = index.view.substrate
    latency = substrate.links.map(\.latency)
    let edges = substrate.links.map { link in
      Graph.Edge(
        index.siteIndex[link.ends.first] ?? -1, index.siteIndex[link.ends.second] ?? -1,
        weight: Self.weight(of: link))
    }
    graph = Graph(nodeCount: substrate.sites.count, edges: edges)
  }

  /// Picoseconds, at most 2^10 s so that sums tell paths apart, and one more a link, so that of equally fast
  /// paths the one with fewer links wins.
  private static func weight(of link: CoreLink) -> Int {
    let (seconds, attoseconds) = link.latency.components
    return Int(max(0, min(seconds, 1 << 10))) * 1_000_000_000_000 + Int(max(0, attoseconds) / 1_000_000) + 1
  }

  /// The two sites of a link.
  func ends(_ link: Int) -> [Int] { graph.edges[link].ends }

  /// The two terminals farthest apart along the tree.
  func diameter(of links: [Int], _ terminals: [Int]) -> (latency: Duration, from: Int, to: Int) {
    let tree = Set(links)
    var worst = (latency: Duration.zero, from: terminals[0], to: terminals[0])
    for start in terminals {
      var stack = [(site: start, from: -1, latency: Duration.zero)]
      while let step = stack.popLast() {
        if terminals.contains(step.site), step.latency > worst.latency { worst = (step.latency, start, step.site) }
        for (site, link) in graph.neighbours(of: step.site, usable: tree.contains) where link != step.from {
          stack.append((site, link, step.latency + latency[link]))
        }
      }
    }
    return worst
  }

  /// Two terminals that no path joins.
  func separated(_ terminals: [Int]) -> (Int, Int) {
    let paths = graph.shortestPaths(from: terminals.prefix(1))
    return (terminals[0], terminals.first { paths.distance(to: $0) == nil } ?? terminals[terminals.count - 1])
  }
}
