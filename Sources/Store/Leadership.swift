import Synchronization

/// Who leads.
public struct Leader: Hashable, Codable, Sendable {
  /// The controller's name.
  public var name: String
  /// Where others find it.
  public var url: String

  /// `url` is the base address that clients are sent to.
  public init(name: String, url: String) {
    self.name = name
    self.url = url
  }
}

/// Which of several controllers may change the store.
public protocol Leadership: AnyObject, Sendable {
  /// True while nobody else can be leader; false before the lease can have ended. Costs no request.
  var isLeader: Bool { get }
  /// Who leads as far as is known; nil: nobody, or nobody knows.
  var leader: Leader? { get }
  /// Calls `handler` at once and whenever `isLeader` or `leader` has changed, on a thread of the leadership's own.
  func onChange(_ handler: @escaping @Sendable (_ isLeader: Bool, _ leader: Leader?) -> Void)
  /// Gives leadership up for good, so that another takes over at once; for an orderly stop.
  func resign()
}

/// The one controller of a machine, which the lock on its state folder keeps alone.
public final class SoleLeadership: Leadership {
  private let own: Leader
  private let hasResigned = Mutex(false)

  /// Leads from the beginning.
  public init(_ own: Leader) { self.own = own }

  /// True until it has resigned.
  public var isLeader: Bool { hasResigned.withLock { !$0 } }
  /// Itself; nil after it has resigned.
  public var leader: Leader? { isLeader ? own : nil }
  /// Calls `handler` once: nothing changes until the end.
  public func onChange(_ handler: @escaping @Sendable (Bool, Leader?) -> Void) { handler(isLeader, leader) }
  /// From here on nobody leads: nobody else could.
  public func resign() { hasResigned.withLock { $0 = true } }
}
