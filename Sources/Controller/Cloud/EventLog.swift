import Infrastructure
import Quantities

/// Something that happened.
public struct CloudEvent: Codable, Hashable, Sendable {
  /// Rises; also over restarts and take-overs.
  public var id: UInt64
  public var time: Timestamp
  /// `infrastructure`, `operation`, `host`, `substrate`, `offer`, `lease`, `controller`.
  public var kind: String
  public var object: String
  public var what: String
  public var project: Name?
  public var owner: String?
  public var cause: String?
}

/// The last events, and who wants to hear of new ones. Safe from any thread.
public final class EventLog: Sendable {
  /// How many are kept for those who come back.
  public static let kept = 10_000

  public init() {}

  /// Calls `take` with what came after `id` (nil: only new ones), and then with each new event, from any thread.
  ///
  /// - Returns: False to `take` ends it. The number to `unsubscribe` with; `isComplete` is false where events after `id`
  ///   are not kept any more.
  public func subscribe(
    after id: UInt64?, _ take: @escaping @Sendable ([CloudEvent]) -> Bool
  ) -> (number: Int, isComplete: Bool) { (0, true) }

  public func unsubscribe(_ number: Int) {}

  /// Those after `id`, at most `limit`.
  public func events(after id: UInt64, limit: Int) -> [CloudEvent] { [] }
}
