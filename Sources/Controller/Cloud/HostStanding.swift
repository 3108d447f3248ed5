import Quantities

/// What operators and agents say of a host.
public struct HostStanding: Codable, Hashable, Sendable {
  public enum State: String, Codable, Hashable, Sendable, CaseIterable {
    case ready
    /// Takes no new nodes.
    case cordoned
    /// Takes no new nodes, and those that can are being moved away.
    case draining
    /// Its agent was not heard of for longer than is allowed.
    case lost
    /// Its agent has never been heard of.
    case absent
  }

  public var state: State
  /// What it was before it was lost; nil is ready.
  public var before: State?

  public init(state: State, before: State? = nil) { (self.state, self.before) = (state, before) }
}
