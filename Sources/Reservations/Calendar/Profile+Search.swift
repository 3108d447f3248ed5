extension Profile {
  /// All changes of the subtree.
  func sum(_ at: Int32) -> Int { at < 0 ? 0 : nodes[Int(at)].sum }

  /// Highest level right after a change within `from ..< to`, both exclusive at `from`; nil where none changes.
  func highest(_ at: Int32, from: Int64, to: Int64, before: Int) -> Int? {
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
  func first(
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
  func last(_ at: Int32, above most: Int, from: Int64, to: Int64, before: Int) -> Int64? {
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
