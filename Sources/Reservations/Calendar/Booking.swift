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
  /// The most that is admitted of one resource at once, and for one reservation altogether.
  static let mostHeld = 1 << 61

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
