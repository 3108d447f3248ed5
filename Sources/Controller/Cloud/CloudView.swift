import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// One consistent moment of a cloud, to be looked at. A value: it does not change under the reader.
public struct CloudView: Sendable {
  /// Grows with every change of anything.
  public var revision: Int64
  public var substrate: Substrate { fatalError() }
  /// Nobody applied a substrate.
  public var isDefaultSubstrate: Bool { fatalError() }

  /// By creation.
  public var infrastructures: [InfrastructureView] { [] }
  /// Nil where there is none.
  public func infrastructure(_ name: Name) -> InfrastructureView? { nil }
  /// What an infrastructure's networks get at `now`.
  public func networks(of name: Name, at now: Timestamp) -> [NetworkRow] { [] }
  /// Held counter-offers, by number.
  public func offers(at now: Timestamp) -> [HeldOffer] { [] }
  /// The substrate with what is held of it at a moment.
  public func use(at now: Timestamp) -> SubstrateView { fatalError() }
  public func bookings(at now: Timestamp, where isWanted: (Resource, Substrate) -> Bool) -> [CalendarRow] { [] }
  public var vlans: [VLANRow] { [] }
  /// By host; hosts that are not there are `ready`.
  public var hosts: [Name: HostStanding] { [:] }
  /// Of the agents that were ever heard of.
  public var agents: [Name: AgentStanding] { [:] }
}

/// How an agent is doing.
public struct AgentStanding: Hashable, Sendable {
  public var identity: AgentIdentity
  /// Since it was heard of; nil is never since this controller leads.
  public var silence: Duration?
  public var given, applied: UInt64
}
