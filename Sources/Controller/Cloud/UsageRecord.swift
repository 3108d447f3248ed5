import Infrastructure
import Quantities

/// What an infrastructure that has ended, or one while it lasts, took: the base of `virtcloud usage`.
public struct UsageRecord: Codable, Hashable, Sendable {
  public var name: Name
  public var caller: Caller
  public var start: Timestamp
  public var end: Timestamp
  public var nodes: Int
  /// Core seconds in thousandths, and byte seconds of memory; saturating.
  public var coreSeconds: UInt64
  public var memorySeconds: UInt64
  /// Bits over core links, by what was promised: bits a second times links times seconds.
  public var promisedBits: UInt64
  /// By the substrate's prices.
  public var cost: Double
}
