import Quantities

/// How much of one resource is held over time: a step function, zero before its first step.
///
/// A treap (R. Seidel and C. Aragon, *Randomized search trees*, 1996) over the moments at which the amount changes.
/// A node keeps the change, and for its subtree the sum of changes and their highest and lowest running sum, so that
/// adding an amount over an interval touches two nodes, and a peak is found on one way down: O(log n) expected in
/// the number of steps. A moment at which nothing changes any more is no node. Sums wrap around rather than trap: the
/// calendar admits nothing that comes near.
struct Profile: Hashable, Sendable {
  struct Node: Hashable, Sendable {
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

  var nodes: [Node] = []
  /// Positions in `nodes` to be used again.
  var unused: [Int32] = []
  var root: Int32 = -1

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
