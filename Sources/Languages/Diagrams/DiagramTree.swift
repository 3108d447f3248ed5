/// The groups of a diagram as the tree that they are.
struct DiagramTree {
  private let diagram: Diagram
  private var children: [[Int]]
  private var members: [[Int]]
  private var roots: [Int] = []
  private var loose: [Int] = []

  init(_ diagram: Diagram) {
    self.diagram = diagram
    children = Array(repeating: [], count: diagram.groups.count)
    members = children
    for (position, group) in diagram.groups.enumerated() {
      // A parent stands before its children, so there are no loops.
      if let parent = group.parent, (0..<position).contains(parent) {
        children[parent].append(position)
      } else {
        roots.append(position)
      }
    }
    for (position, node) in diagram.nodes.enumerated() {
      if let group = node.group, members.indices.contains(group) {
        members[group].append(position)
      } else {
        loose.append(position)
      }
    }
  }

  /// Lines for all groups and nodes, each group's around those of what it holds; loose nodes first.
  func walk(
    group: (_ position: Int, _ depth: Int) -> (begin: String, end: String),
    node: (_ position: Int, _ depth: Int) -> String
  ) -> [String] {
    var lines = loose.map { node($0, 0) }
    /// Groups to begin, and the ends of those that are open, the next last.
    var open: [(position: Int, depth: Int, end: String?)] = roots.reversed().map { ($0, 0, nil) }
    while let next = open.popLast() {
      if let end = next.end {
        lines.append(end)
        continue
      }
      let (begin, end) = group(next.position, next.depth)
      lines.append(begin)
      lines += members[next.position].map { node($0, next.depth + 1) }
      open.append((next.position, next.depth, end))
      open += children[next.position].reversed().map { ($0, next.depth + 1, nil) }
    }
    return lines
  }
}

extension Diagram {
  /// Both ends of the edge are there.
  func has(_ edge: Edge) -> Bool { nodes.indices.contains(edge.from) && nodes.indices.contains(edge.to) }
}
