import Quantities

/// Long work that somebody ordered: durable before its effect, found again after a crash.
public struct Operation: Codable, Hashable, Sendable {
  public enum State: String, Codable, Hashable, Sendable, CaseIterable {
    case running, done, failed
  }

  /// How far it is; `total` is absent where nobody knows.
  public struct Progress: Codable, Hashable, Sendable {
    public var title: String
    public var done: Int
    public var total: Int?
    public init(title: String = "", done: Int = 0, total: Int? = nil) {
      (self.title, self.done, self.total) = (title, done, total)
    }
  }

  public var id: String
  public var kind: String
  public var target: String
  public var caller: Caller
  public var state: State
  public var created: Timestamp
  public var finished: Timestamp?
  public var progress: Progress
  /// Counts the changes of this value.
  public var version: Int
  public var problem: Problem?
  public var warnings: [Problem]
  /// What the client called it, so that a second attempt finds it; unique a user.
  public var key: String?
  /// Of the state when it was ordered.
  public var revision: Int64
  /// In words, of what is done at once: leftovers that were found, the new end of a lease.
  public var results: [String]
}

extension Operation {
  /// Kinds that end when their infrastructure runs.
  static let building: Set<String> = ["build", "take-offer", "change", "retry", "pause", "resume"]

  /// True where it is about the substrate, not about one infrastructure.
  var isWhole: Bool { ["apply-substrate", "remove-substrate", "collect-garbage"].contains(kind) }
}
