import Quantities

/// How much of one resource is held over time: a step function, zero before its first step.
///
/// A treap (R. Seidel and C. Aragon, *Randomized search trees*, 1996) over the moments at which the amount changes.
/// A node keeps the change, and for its subtree the sum of changes and their highest and lowest running sum, so that
/// adding an amount over an interval touches two nodes, and a peak is found on one way down: O(log n) expected in
/// the number of steps. A moment at which nothing changes any more is no node. Sums wrap around rather than trap: the
/// calendar admits nothing that comes near.
struct Profile: Hashable, Sendable {
  private struct Node: Hashable, Sendable {
    var time: Int64
    var change: Int
    var priority: UInt32
    var left: Int32 = -1
    var right: Int32 = -1
    /// Of the subtree: all changes, and the highest and lowest sum of its first k changes, k from 1.
    var sum: Int
    var high: Int
    var low: Int

    init(_ time: Int64, _ change: Int) {
      self.time = time
      self.change = change
      sum = change
      high = change
      low = change
      // Seeded anew in each process, so that nobody can choose moments that make a deep tree; no answer depends on it.
      priority = UInt32(truncatingIfNeeded: time.hashValue)
    }
  }

  private var nodes: [Node] = []
  private var unused: [Int32] = []
  private var root: Int32 = -1

  /// Number of moments at which the amount changes.
  var stepCount: Int { nodes.count - unused.count }

  /// Holds `amount` more over the interval; a negative amount gives back.
  mutating func add(_ amount: Int, over interval: Range<Timestamp>) {
    guard amount != 0, !interval.isEmpty else { return }
    change(at: interval.lowerBound.seconds, by: amount)
    change(at: interval.upperBound.seconds, by: -amount)
  }

  /// The most that is held at any moment of the interval; zero for an empty one.
  func peak(over interval: Range<Timestamp>) -> Int {
    guard !interval.isEmpty else { return 0 }
    let level = level(at: interval.lowerBound)
    let later = highest(root, from: interval.lowerBound.seconds, to: interval.upperBound.seconds, before: 0)
    return max(level, later ?? level)
  }

  /// What is held at the moment.
  func level(at time: Timestamp) -> Int {
    var at = root
    var level = 0
    while at >= 0 {
      let node = nodes[Int(at)]
      if node.time <= time.seconds {
        level &+= node.change &+ sum(node.left)
        at = node.right
      } else {
        at = node.left
      }
    }
    return level
  }

  /// The first moment from `start` on, before `end`, at which more than `most` is held; nil where there is none.
  func firstAbove(_ most: Int, from start: Timestamp, until end: Timestamp) -> Timestamp? {
    guard start < end else { return nil }
    if level(at: start) > most { return start }
    let found = first(root, after: start.seconds, before: 0) { high, _ in
      high > most
    } isHit: {
      $0 > most
    }
    return found.map(Timestamp.init(seconds:)).flatMap { $0 < end ? $0 : nil }
  }

  /// The last moment of the interval at which the amount changes to more than `most`, or its start where more is held
  /// there and never again; nil where there is none.
  private func lastAbove(_ most: Int, from start: Timestamp, until end: Timestamp) -> Timestamp? {
    guard start < end else { return nil }
    if let found = last(root, above: most, from: start.seconds, to: end.seconds, before: 0) {
      return Timestamp(seconds: found)
    }
    return level(at: start) > most ? start : nil
  }

  /// The first moment from `start` on at which `most` is held at most; nil where that never comes.
  func firstAtMost(_ most: Int, from start: Timestamp) -> Timestamp? {
    if level(at: start) <= most { return start }
    let found = first(root, after: start.seconds, before: 0) { _, low in
      low <= most
    } isHit: {
      $0 <= most
    }
    return found.map(Timestamp.init(seconds:))
  }

  /// The first start from `start` on with `most` held at most for the whole duration in seconds.
  ///
  /// Each round jumps over the last span within the duration that is too full, and takes one of `rounds`.
  func firstFit(_ most: Int, from start: Timestamp, duration: Int64, rounds: inout Int) -> Fit {
    var start = start
    while true {
      let (end, overflow) = start.seconds.addingReportingOverflow(duration)
      let last = overflow ? Timestamp.distantFuture : Timestamp(seconds: end)
      guard let full = lastAbove(most, from: start, until: last) else { return .start(start) }
      guard let next = firstAtMost(most, from: full), next < .distantFuture else { return .never }
      start = next
      rounds -= 1
      if rounds < 0 { return .undecided(after: start) }
    }
  }

  /// The steps within the interval: each with the amount held from there to the next.
  func steps(over interval: Range<Timestamp>) -> [(time: Timestamp, amount: Int)] {
    guard !interval.isEmpty else { return [] }
    var steps = [(time: interval.lowerBound, amount: level(at: interval.lowerBound))]
    var level = steps[0].amount
    var stack: [Int32] = []
    var at = root
    while at >= 0 || !stack.isEmpty {
      while at >= 0 {
        // What lies before the interval is counted in its first level.
        if nodes[Int(at)].time <= interval.lowerBound.seconds {
          at = nodes[Int(at)].right
          continue
        }
        stack.append(at)
        at = nodes[Int(at)].left
      }
      guard let top = stack.popLast() else { break }
      let node = nodes[Int(top)]
      guard node.time < interval.upperBound.seconds else { break }
      level &+= node.change
      steps.append((Timestamp(seconds: node.time), level))
      at = node.right
    }
    return steps
  }
}

extension Profile {
  private func sum(_ at: Int32) -> Int { at < 0 ? 0 : nodes[Int(at)].sum }

  /// Highest level right after a change within `from ..< to`, both exclusive at `from`; nil where none changes.
  private func highest(_ at: Int32, from: Int64, to: Int64, before: Int) -> Int? {
    var (at, before) = (at, before)
    while at >= 0 {
      let node = nodes[Int(at)]
      if node.time <= from {
        before &+= sum(node.left) &+ node.change
        at = node.right
      } else if node.time >= to {
        at = node.left
      } else {
        let here = before &+ sum(node.left) &+ node.change
        let left = highestAfter(node.left, from, before)
        let right = highestUntil(node.right, to, here)
        return max(here, max(left ?? here, right ?? here))
      }
    }
    return nil
  }

  private func highestAfter(_ at: Int32, _ from: Int64, _ before: Int) -> Int? {
    var (at, before) = (at, before)
    var best: Int?
    while at >= 0 {
      let node = nodes[Int(at)]
      let here = before &+ sum(node.left) &+ node.change
      if node.time <= from {
        before = here
        at = node.right
        continue
      }
      best = max(best ?? here, here)
      if node.right >= 0 { best = max(best ?? here, here &+ nodes[Int(node.right)].high) }
      at = node.left
    }
    return best
  }

  private func highestUntil(_ at: Int32, _ to: Int64, _ before: Int) -> Int? {
    var (at, before) = (at, before)
    var best: Int?
    while at >= 0 {
      let node = nodes[Int(at)]
      let here = before &+ sum(node.left) &+ node.change
      if node.time >= to {
        at = node.left
        continue
      }
      best = max(best ?? here, here)
      if node.left >= 0 { best = max(best ?? here, before &+ nodes[Int(node.left)].high) }
      before = here
      at = node.right
    }
    return best
  }

  /// The first change after `time` whose level is a hit; `mayHold` tells from a subtree's highest and lowest level
  /// whether it has one.
  private func first(
    _ at: Int32, after time: Int64, before: Int, mayHold: (_ high: Int, _ low: Int) -> Bool, isHit: (Int) -> Bool
  ) -> Int64? {
    guard at >= 0 else { return nil }
    let node = nodes[Int(at)]
    guard mayHold(before &+ node.high, before &+ node.low) else { return nil }
    let here = before &+ sum(node.left) &+ node.change
    if node.time > time {
      if let found = first(node.left, after: time, before: before, mayHold: mayHold, isHit: isHit) { return found }
      if isHit(here) { return node.time }
    }
    return first(node.right, after: time, before: here, mayHold: mayHold, isHit: isHit)
  }

  /// The last change after `from` and before `to` with a level above `most`.
  private func last(_ at: Int32, above most: Int, from: Int64, to: Int64, before: Int) -> Int64? {
    guard at >= 0 else { return nil }
    let node = nodes[Int(at)]
    guard before &+ node.high > most else { return nil }
    let here = before &+ sum(node.left) &+ node.change
    if node.time < to {
      if let found = last(node.right, above: most, from: from, to: to, before: here) { return found }
      if node.time > from, here > most { return node.time }
    }
    return node.time > from ? last(node.left, above: most, from: from, to: to, before: before) : nil
  }
}

extension Profile {
  private mutating func change(at time: Int64, by amount: Int) {
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
