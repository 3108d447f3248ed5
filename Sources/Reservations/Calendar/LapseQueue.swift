import Quantities

/// Holds by the moment at which they lapse, then by name: a binary heap.
///
/// A hold that was ended otherwise stays in until it would have lapsed, or until most of the queue is of that kind.
struct LapseQueue: Sendable {
  private struct Lapse: Comparable {
    var time: Timestamp
    var id: String

    static func < (a: Lapse, b: Lapse) -> Bool { (a.time, a.id) < (b.time, b.id) }
  }

  private var heap: [Lapse] = []
  /// Length at which it is looked through for what has ended.
  private var bound = 64

  /// Number of lapses kept, those of holds that have ended among them.
  var count: Int { heap.count }

  mutating func add(_ time: Timestamp, _ id: String) {
    heap.append(Lapse(time: time, id: id))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Drops what `isHeld` denies, where the queue has doubled since it was last looked through: O(1) amortised.
  mutating func compact(_ isHeld: (Timestamp, String) -> Bool) {
    guard heap.count > bound else { return }
    var kept: [Lapse] = []
    // A rising array is a heap, and a hold that was put in again at the same moment stands next to itself.
    for lapse in heap.sorted() where lapse != kept.last && isHeld(lapse.time, lapse.id) { kept.append(lapse) }
    heap = kept
    bound = max(64, 2 * heap.count)
  }

  /// Takes out the first one that lapses by `now`; nil where there is none.
  mutating func next(until now: Timestamp) -> (Timestamp, String)? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let children = (2 * parent + 1)..<min(2 * parent + 3, max(2 * parent + 1, heap.count))
      guard let child = children.min(by: { heap[$0] < heap[$1] }), heap[child] < heap[parent]
      else { return (first.time, first.id) }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
