extension Profile {
  /// Adds to the change at that moment.
  mutating func change(at time: Int64, by amount: Int) {
    var path: [Int32] = []
    var at = root
    while at >= 0, nodes[Int(at)].time != time {
      path.append(at)
      at = time < nodes[Int(at)].time ? nodes[Int(at)].left : nodes[Int(at)].right
    }
    guard at >= 0 else { return insert(time, amount) }
    nodes[Int(at)].change &+= amount
    if nodes[Int(at)].change == 0 {
      let joined = merge(nodes[Int(at)].left, nodes[Int(at)].right)
      if let parent = path.last {
        if nodes[Int(parent)].left == at { nodes[Int(parent)].left = joined } else { nodes[Int(parent)].right = joined }
      } else {
        root = joined
      }
      unused.append(at)
    } else {
      refresh(at)
    }
    for ancestor in path.reversed() { refresh(ancestor) }
  }

  private mutating func insert(_ time: Int64, _ amount: Int) {
    let new: Int32
    if let free = unused.popLast() {
      nodes[Int(free)] = Node(time, amount)
      new = free
    } else {
      new = Int32(nodes.count)
      nodes.append(Node(time, amount))
    }
    let (before, after) = split(root, at: time)
    root = merge(merge(before, new), after)
  }

  /// Everything before `time`, and the rest.
  private mutating func split(_ at: Int32, at time: Int64) -> (Int32, Int32) {
    guard at >= 0 else { return (-1, -1) }
    if nodes[Int(at)].time < time {
      let (before, after) = split(nodes[Int(at)].right, at: time)
      nodes[Int(at)].right = before
      refresh(at)
      return (at, after)
    }
    let (before, after) = split(nodes[Int(at)].left, at: time)
    nodes[Int(at)].left = after
    refresh(at)
    return (before, at)
  }

  private mutating func merge(_ a: Int32, _ b: Int32) -> Int32 {
    if a < 0 { return b }
    if b < 0 { return a }
    if nodes[Int(a)].priority >= nodes[Int(b)].priority {
      let right = merge(nodes[Int(a)].right, b)
      nodes[Int(a)].right = right
      refresh(a)
      return a
    }
    let left = merge(a, nodes[Int(b)].left)
    nodes[Int(b)].left = left
    refresh(b)
    return b
  }

  private mutating func refresh(_ at: Int32) {
    var node = nodes[Int(at)]
    let left = node.left >= 0 ? nodes[Int(node.left)] : nil
    let right = node.right >= 0 ? nodes[Int(node.right)] : nil
    let here = (left?.sum ?? 0) &+ node.change
    node.sum = here &+ (right?.sum ?? 0)
    node.high = max(here, max(left?.high ?? here, right.map { here &+ $0.high } ?? here))
    node.low = min(here, min(left?.low ?? here, right.map { here &+ $0.low } ?? here))
    nodes[Int(at)] = node
  }
}
