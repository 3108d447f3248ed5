import Quantities

/// An amount of one resource over an interval of time.
public struct Booking: Hashable, Codable, Sendable {
  /// Number of the resource, `0 ..< Calendar.capacities.count`.
  public var resource: Int
  public var interval: Range<Timestamp>
  /// In the resource's unit; at most `Booking.most` counts.
  public var amount: UInt64

  /// Larger amounts count as this one, so that sums of thousands stay within 63 bits: no resource has as much.
  static let most: UInt64 = 1 << 53

  public init(_ resource: Int, _ interval: Range<Timestamp>, _ amount: UInt64) {
    self.resource = resource
    self.interval = interval
    self.amount = amount
  }

  var counted: Int { Int(min(amount, Self.most)) }
}

/// The first moment at which a booking finds less than it needs.
public struct Shortage: Error, Hashable, Sendable {
  public var resource: Int
  /// While it lasts: from the first moment with too little to the next with enough (`never` where none comes).
  public var interval: Range<Timestamp>
  /// How much more there would have to be at most within the interval asked for.
  public var missing: UInt64

  public init(resource: Int, interval: Range<Timestamp>, missing: UInt64) {
    self.resource = resource
    self.interval = interval
    self.missing = missing
  }
}

/// The pointwise largest of several sets of bookings of which only one will be kept.
enum Envelope {
  static func bookings(_ alternatives: [[Booking]]) -> [Booking] {
    guard alternatives.count > 1 else { return alternatives.first ?? [] }
    var changes: [Int: [(time: Timestamp, alternative: Int, amount: Int)]] = [:]
    for (number, alternative) in alternatives.enumerated() {
      for booking in alternative where !booking.interval.isEmpty {
        changes[booking.resource, default: []] += [
          (booking.interval.lowerBound, number, booking.counted),
          (booking.interval.upperBound, number, -booking.counted),
        ]
      }
    }
    return changes.sorted { $0.key < $1.key }.flatMap { pieces($0.key, $0.value, alternatives.count) }
  }

  private static func pieces(
    _ resource: Int, _ changes: [(time: Timestamp, alternative: Int, amount: Int)], _ count: Int
  ) -> [Booking] {
    var result: [Booking] = []
    var levels = [Int](repeating: 0, count: count)
    let changes = changes.sorted { ($0.time, $0.alternative) < ($1.time, $1.alternative) }
    for (index, change) in changes.enumerated() {
      levels[change.alternative] += change.amount
      guard index + 1 < changes.count, changes[index + 1].time > change.time, let level = levels.max(), level > 0
      else { continue }
      result.append(Booking(resource, change.time..<changes[index + 1].time, UInt64(level)))
    }
    return result
  }
}
