import Quantities

extension ServiceConfiguration {
  /// When an agent is missed; `poll` < `lostAfter` < `fenceAfter`.
  public struct AgentTimes: Hashable, Sendable {
    /// How long a question for a newer plan is left open, and so how often an idle agent is heard of.
    public var poll = Duration.seconds(10)
    /// After which silence its host counts as lost.
    public var lostAfter = Duration.seconds(30)
    /// After which silence its machines may be started elsewhere: it has stopped them by itself until then.
    public var fenceAfter = Duration.seconds(60)

    public init() {}
  }

  /// What one service takes at most.
  public struct RequestLimits: Hashable, Sendable {
    public var connections = 10_000
    /// Of one request.
    public var body = ByteCount(bytes: 8 << 20)
    /// Of one user, a second.
    public var requestsPerSecond = 1000

    public init() {}
  }

  /// Whom to tell before a lease ends.
  public struct Notices: Hashable, Sendable {
    /// `http` or `https` address that is posted to.
    public var webhook: String?
    public var mail: Mail?
    /// How long before the end, longest first; empty: nobody is told.
    public var beforeLeaseEnd: [Duration] = [.seconds(3600), .seconds(600)]

    public init() {}
  }

  /// How mail goes out.
  public struct Mail: Hashable, Sendable {
    /// `smtp` or `smtps` address.
    public var server: String
    /// Address of the sender.
    public var from: String

    public init(server: String, from: String) {
      self.server = server
      self.from = from
    }
  }
}

/// What is written about the work of a service or an agent, to standard error.
public struct Logging: Hashable, Sendable {
  /// One line an event: for people, or an object of JSON.
  public enum Format: String, CaseIterable, Hashable, Sendable {
    case text, json
  }

  /// The least weight that is written.
  public enum Level: String, CaseIterable, Hashable, Sendable {
    case error, warning, info, debug
  }

  public var format = Format.text
  public var level = Level.info

  public init() {}
}
