// A tree is the list of its edges' numbers, rising.

extension Graph {
  /// A light tree over `terminals` that contains the tree `seed`; nil where usable edges do not join them.
  ///
  /// It starts at the first terminal, or at the seed, and takes in the nearest remaining terminal by its
  /// shortest path, again and again (Takahashi and Matsuyama, *An approximate solution for the Steiner problem
  /// in graphs*, 1980: at most twice the best weight without a seed). With k terminals O(k (n + m) log n).
  public func steinerTree(
    over terminals: [Int], growing seed: [Int] = [], usable: EdgeFilter = { _ in true }
  ) -> [Int]? {
    guard let first = terminals.first else { return seed.sorted() }
    var tree = seed
    var joined = seed.isEmpty ? [first] : Set(seed.flatMap { edges[$0].ends })
    var remaining = Set(terminals).subtracting(joined)
    while !remaining.isEmpty {
      let paths = shortestPaths(from: joined, usable: usable)
      let reached = remaining.compactMap { node in paths.distance(to: node).map { (distance: $0, node: node) } }
      guard reached.count == remaining.count, let nearest = reached.min(by: { $0 < $1 }) else { return nil }
      let path = paths.path(to: nearest.node)
      tree += path
      joined.formUnion(path.flatMap { edges[$0].ends })
      remaining.subtract(joined)
    }
    return tree.sorted()
  }

  /// The shortest paths from `root` to the terminals, together a tree; nil where one cannot be reached.
  ///
  /// Where the root is no terminal and only one path leaves it, the part up to the first branch is cut off.
  public func shortestPathTree(
    from root: Int, to terminals: [Int], usable: EdgeFilter = { _ in true }
  ) -> [Int]? {
    let paths = shortestPaths(from: [root], usable: usable)
    guard terminals.allSatisfy({ paths.distance(to: $0) != nil }) else { return nil }
    return pruned(Array(Set(terminals.flatMap(paths.path))), to: terminals)
  }

  /// The edges without the branches that end at no terminal; O(size of the tree).
  public func pruned(_ tree: [Int], to terminals: [Int]) -> [Int] {
    var left = Set(tree)
    let terminals = Set(terminals)
    var degree: [Int: Int] = [:]
    for node in left.flatMap({ edges[$0].ends }) { degree[node, default: 0] += 1 }
    var loose = degree.filter { $0.value == 1 && !terminals.contains($0.key) }.map(\.key)
    while let node = loose.popLast() {
      guard incident.indices.contains(node), let edge = incident[node].first(where: left.contains) else { continue }
      left.remove(edge)
      let next = edges[edge].other(than: node)
      degree[next, default: 0] -= 1
      if degree[next] == 1, !terminals.contains(next) { loose.append(next) }
    }
    return left.sorted()
  }

  /// Whether the edges form one tree without an edge named twice; no edges are none.
  public func isTree(_ tree: [Int]) -> Bool {
    guard let first = tree.first, tree.allSatisfy(edges.indices.contains) else { return false }
    let members = Set(tree)
    let nodes = Set(tree.flatMap { edges[$0].ends })
    guard members.count == tree.count, nodes.count == tree.count + 1, incident.indices.contains(edges[first].a)
    else { return false }
    let paths = shortestPaths(from: [edges[first].a], usable: members.contains)
    return nodes.allSatisfy { incident.indices.contains($0) && paths.distance(to: $0) != nil }
  }
}
