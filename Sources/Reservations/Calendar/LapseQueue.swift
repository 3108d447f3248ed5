import Algorithms
import Quantities

/// Holds by the moment at which they lapse, then by name.
///
/// A hold that was ended otherwise stays in until it would have lapsed, or until most of the queue is of that kind.
struct LapseQueue: Sendable {
  private struct Lapse: Comparable {
    var time: Timestamp
    var id: String

    static func < (a: Lapse, b: Lapse) -> Bool { (a.time, a.id) < (b.time, b.id) }
  }

  private var heap = BinaryHeap<Lapse>()
  /// Length at which it is looked through for what has ended.
  private var bound = 64

  /// Number of lapses kept, those of holds that have ended among them.
  var count: Int { heap.elements.count }

  mutating func add(_ time: Timestamp, _ id: String) { heap.push(Lapse(time: time, id: id)) }

  /// Drops what `isHeld` denies, where the queue has doubled since it was last looked through: O(1) amortised.
  mutating func compact(_ isHeld: (Timestamp, String) -> Bool) {
    guard heap.elements.count > bound else { return }
    var kept: [Lapse] = []
    // A rising array is a heap, and a hold that was put in again at the same moment stands next to itself.
    for lapse in heap.elements.sorted() where lapse != kept.last && isHeld(lapse.time, lapse.id) { kept.append(lapse) }
    heap = BinaryHeap(rising: kept)
    bound = max(64, 2 * kept.count)
  }

  /// Takes out the first one that lapses by `now`; nil where there is none.
  mutating func next(until now: Timestamp) -> (Timestamp, String)? {
    guard let first = heap.first, first.time <= now else { return nil }
    _ = heap.pop()
    return (first.time, first.id)
  }
}
