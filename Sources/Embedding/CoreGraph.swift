import Infrastructure
import Quantities

/// The core as a graph: sites are vertices, core links are edges weighted by latency.
struct CoreGraph {
  private let edges: [(a: Int, b: Int)]
  private let latency: [Duration]
  /// Picoseconds, at most 2^10 s so that no sum overflows, and one more a link, so that of equally fast
  /// paths the one with fewer links wins.
  private let weight: [Int]
  private let incident: [[Int]]

  init(_ index: IndexedRequest) {
    let links = index.view.substrate.links
    edges = links.map { (index.siteIndex[$0.ends.first] ?? -1, index.siteIndex[$0.ends.second] ?? -1) }
    latency = links.map(\.latency)
    weight = links.map { link in
      let (seconds, attoseconds) = link.latency.components
      return Int(max(0, min(seconds, 1 << 10))) * 1_000_000_000_000 + Int(max(0, attoseconds) / 1_000_000) + 1
    }
    var incident = Array(repeating: [Int](), count: index.view.substrate.sites.count)
    for (link, edge) in edges.enumerated() where edge.a >= 0 && edge.b >= 0 && edge.a != edge.b {
      incident[edge.a].append(link)
      incident[edge.b].append(link)
    }
    self.incident = incident
  }

  /// The two sites of a link.
  func ends(_ link: Int) -> [Int] { [edges[link].a, edges[link].b] }

  private func other(_ link: Int, _ site: Int) -> Int { edges[link].a == site ? edges[link].b : edges[link].a }

  /// Distance of every site from the nearest of `sources` and the link by which it is reached; -1 is none.
  private func reach(_ sources: [Int], usable: (Int) -> Bool) -> (distance: [Int], via: [Int]) {
    var distance = Array(repeating: Int.max, count: incident.count)
    var via = Array(repeating: -1, count: incident.count)
    var isDone = Array(repeating: false, count: incident.count)
    for source in sources { distance[source] = 0 }
    while let site = isDone.indices.filter({ !isDone[$0] && distance[$0] < .max }).min(by: {
      (distance[$0], $0) < (distance[$1], $1)
    }) {
      isDone[site] = true
      for link in incident[site] where usable(link) {
        let next = other(link, site)
        guard !isDone[next], distance[site] + weight[link] < distance[next] else { continue }
        distance[next] = distance[site] + weight[link]
        via[next] = link
      }
    }
    return (distance, via)
  }

  /// Links of a short tree over `terminals` that contains the tree `seed`; nil where usable links do not
  /// join them.
  func steinerTree(_ terminals: [Int], growing seed: [Int] = [], usable: (Int) -> Bool) -> [Int]? {
    var links = seed
    var joined = seed.isEmpty ? [terminals[0]] : Set(seed.flatMap(ends)).sorted()
    var remaining = Set(terminals).subtracting(joined)
    while !remaining.isEmpty {
      let (distance, via) = reach(joined, usable: usable)
      guard let nearest = remaining.min(by: { (distance[$0], $0) < (distance[$1], $1) }), distance[nearest] < .max
      else { return nil }
      var site = nearest
      while via[site] >= 0 {
        links.append(via[site])
        joined.append(site)
        remaining.remove(site)
        site = other(via[site], site)
      }
    }
    return links.sorted()
  }

  /// Links of the shortest paths from `root` to the terminals; nil where one cannot be reached.
  func shortestPathTree(from root: Int, to terminals: [Int], usable: (Int) -> Bool) -> [Int]? {
    let (distance, via) = reach([root], usable: usable)
    guard terminals.allSatisfy({ distance[$0] < .max }) else { return nil }
    var links: Set<Int> = []
    for terminal in terminals {
      var site = terminal
      while via[site] >= 0, links.insert(via[site]).inserted { site = other(via[site], site) }
    }
    return pruned(links, terminals).sorted()
  }

  /// Without the branches that end at no terminal.
  func pruned(_ links: Set<Int>, _ terminals: [Int]) -> Set<Int> {
    var links = links
    while let loose = links.first(where: { link in
      ends(link).contains { end in
        !terminals.contains(end) && incident[end].count(where: links.contains) == 1
      }
    }) {
      links.remove(loose)
    }
    return links
  }

  /// The two terminals farthest apart along the tree.
  func diameter(of links: [Int], _ terminals: [Int]) -> (latency: Duration, from: Int, to: Int) {
    let tree = Set(links)
    var worst = (latency: Duration.zero, from: terminals[0], to: terminals[0])
    for start in terminals {
      var stack = [(site: start, from: -1, latency: Duration.zero)]
      while let step = stack.popLast() {
        if terminals.contains(step.site), step.latency > worst.latency { worst = (step.latency, start, step.site) }
        for link in incident[step.site] where link != step.from && tree.contains(link) {
          stack.append((other(link, step.site), link, step.latency + latency[link]))
        }
      }
    }
    return worst
  }

  /// Whether the links form one tree; no links are none.
  func isTree(_ links: [Int]) -> Bool {
    guard let root = links.first.map({ edges[$0].a }), links.allSatisfy({ ends($0).min() ?? -1 >= 0 }) else {
      return false
    }
    let tree = Set(links)
    var reached: Set<Int> = [root]
    var stack = [root]
    while let site = stack.popLast() {
      for link in incident[site] where tree.contains(link) && reached.insert(other(link, site)).inserted {
        stack.append(other(link, site))
      }
    }
    return tree.count == links.count && reached.count == links.count + 1
  }

  /// Two terminals that no path joins.
  func separated(_ terminals: [Int]) -> (Int, Int) {
    let distance = reach([terminals[0]], usable: { _ in true }).distance
    return (terminals[0], terminals.first { distance[$0] == .max } ?? terminals[terminals.count - 1])
  }
}
