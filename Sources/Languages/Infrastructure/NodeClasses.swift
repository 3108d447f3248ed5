/// Disjoint sets of nodes: each node knows its set by one node of it, the root.
struct NodeClasses {
  private var roots: [Int]
  private var sets: [Int: [Int]] = [:]
  /// The last rule that joined a set, by root.
  private var marks: [Int: Mark] = [:]

  init(count: Int) { roots = Array(0..<count) }

  func root(_ node: Int) -> Int { roots[node] }

  func members(of node: Int) -> [Int] { sets[root(node)] ?? [node] }

  func mark(_ node: Int) -> Mark? { marks[root(node)] }

  /// Relabels the smaller of two sets, so that each node changes its set at most log n times.
  mutating func join(_ nodes: [Int], _ mark: Mark) {
    for node in nodes.dropFirst() {
      let (a, b) = (root(nodes[0]), root(node))
      if a == b { continue }
      let (first, second) = (sets[a] ?? [a], sets[b] ?? [b])
      let (root, old, moved) = first.count >= second.count ? (a, b, second) : (b, a, first)
      for node in moved { roots[node] = root }
      sets[root, default: [root]] += moved
      sets[old] = nil
      marks[old] = nil
    }
    marks[root(nodes[0])] = mark
  }
}
