import Quantities

/// The pointwise largest of several sets of bookings of which only one will be kept.
enum Envelope {
  private typealias Change = (time: Timestamp, alternative: Int, amount: Int)

  static func bookings(_ alternatives: [[Booking]]) -> [Booking] {
    guard alternatives.count > 1 else { return alternatives.first ?? [] }
    return pieces(alternatives) { $0.max() ?? 0 }
  }

  /// What the pointwise largest of `new` has beyond that of `old`.
  static func growth(from old: [[Booking]], to new: [[Booking]]) -> [Booking] {
    guard !old.isEmpty else { return bookings(new) }
    return pieces(old + new) { levels in
      (levels[old.count...].max() ?? 0) - (levels[..<old.count].max() ?? 0)
    }
  }

  /// The largest of the bookings, where they are together more than can be counted: no substrate has as much.
  static func excess(of bookings: [Booking]) -> Shortage? {
    var total = 0
    for booking in bookings {
      total += booking.counted
      guard total > Booking.mostHeld else { continue }
      return bookings.filter { !$0.interval.isEmpty }.max { $0.counted < $1.counted }.map {
        Shortage(resource: $0.resource, interval: $0.interval, missing: $0.amount)
      }
    }
    return nil
  }

  private static func pieces(_ alternatives: [[Booking]], _ level: ([Int]) -> Int) -> [Booking] {
    var changes: [Int: [Change]] = [:]
    for (number, alternative) in alternatives.enumerated() {
      for booking in alternative where !booking.interval.isEmpty {
        let (amount, interval) = (booking.counted, booking.interval)
        changes[booking.resource, default: []].append((interval.lowerBound, number, amount))
        changes[booking.resource, default: []].append((interval.upperBound, number, -amount))
      }
    }
    return changes.sorted { $0.key < $1.key }.flatMap { pieces($0.key, $0.value, alternatives.count, level) }
  }

  private static func pieces(
    _ resource: Int, _ changes: [Change], _ count: Int, _ level: ([Int]) -> Int
  ) -> [Booking] {
    var result: [Booking] = []
    var levels = [Int](repeating: 0, count: count)
    let changes = changes.sorted { ($0.time, $0.alternative) < ($1.time, $1.alternative) }
    for (index, change) in changes.enumerated() {
      levels[change.alternative] &+= change.amount
      guard index + 1 < changes.count, changes[index + 1].time > change.time else { continue }
      let level = level(levels)
      guard level > 0 else { continue }
      result.append(Booking(resource, change.time..<changes[index + 1].time, UInt64(level)))
    }
    return result
  }
}
