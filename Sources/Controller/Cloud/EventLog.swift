import Infrastructure
import Quantities
import Synchronization

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

  public typealias Take = @Sendable ([CloudEvent]) -> Bool

  private struct Board {
    /// A ring in which the oldest stands at `start`.
    var events: [CloudEvent] = []
    var start = 0
    var lastID: UInt64 = 0
    var subscribers: [Int: Take] = [:]
    var nextNumber = 0

    /// Those after `id`, in order.
    func after(_ id: UInt64, limit: Int) -> [CloudEvent] {
      var (low, high) = (0, events.count)
      while low < high {
        let middle = (low + high) / 2
        if self[middle].id <= id { low = middle + 1 } else { high = middle }
      }
      return (low..<low + min(events.count - low, max(0, limit))).map { self[$0] }
    }

    subscript(index: Int) -> CloudEvent { events[(start + index) % events.count] }
  }

  private let board = Mutex(Board())

  public init() {}

  /// Goes on after the last event of an earlier life.
  init(lastID: UInt64) { board.withLock { $0.lastID = lastID } }

  /// Calls `take` with what came after `id` (nil: only new ones), and then with each new event, from any thread; `take`
  /// must not wait.
  ///
  /// - Returns: False from `take` ends it. The number to `unsubscribe` with; `isComplete` is false where events after `id`
  ///   are not kept any more.
  public func subscribe(after id: UInt64?, _ take: @escaping Take) -> (number: Int, isComplete: Bool) {
    board.withLock { board in
      board.nextNumber += 1
      var isComplete = true
      if let id, id < board.lastID {
        let missed = board.after(id, limit: .max)
        isComplete = missed.first.map { $0.id == id + 1 } ?? false
        if !missed.isEmpty, !take(missed) { return (board.nextNumber, isComplete) }
      } else if let id, id > board.lastID {
        isComplete = false
      }
      board.subscribers[board.nextNumber] = take
      return (board.nextNumber, isComplete)
    }
  }

  public func unsubscribe(_ number: Int) { board.withLock { $0.subscribers[number] = nil } }

  /// Those after `id`, at most `limit`.
  public func events(after id: UInt64, limit: Int) -> [CloudEvent] { board.withLock { $0.after(id, limit: limit) } }

  /// Number of the last event.
  public var lastID: UInt64 { board.withLock { $0.lastID } }

  /// Tells everybody, in order.
  func publish(_ new: [CloudEvent]) {
    guard let last = new.last else { return }
    board.withLock { board in
      for event in new {
        if board.events.count < Self.kept {
          board.events.append(event)
        } else {
          board.events[board.start] = event
          board.start = (board.start + 1) % Self.kept
        }
      }
      board.lastID = last.id
      for (number, take) in board.subscribers where !take(new) { board.subscribers[number] = nil }
    }
  }
}
