import Agent
import Embedding
import Infrastructure
import Planning
import Quantities

/// The engine: one a cloud. Decides on a value, makes the decision durable, has every device brought to what was
/// decided, and notes what came of it.
///
/// Safe from any thread. Nothing here waits but what is said to.
public final class Cloud: Sendable {
  /// What everybody may look at: one consistent moment.
  public var view: CloudView { fatalError() }

  /// Begins with what the store says.
  public init() throws {}

  /// Decides on an order. The answer comes from another thread, when the decision is durable; the work may go on then
  /// (`Operation.state`).
  ///
  /// - Parameters:
  ///   - key: What the client calls it: the same key of the same user gives the same operation again.
  ///   - revision: Only if the infrastructure still has this revision (0: is not there); else `revision-changed`.
  ///   - answer: `Problem` or `Declined` where it is refused.
  public func submit(
    _ order: Order, by caller: Caller, key: String? = nil, expecting revision: Int64? = nil,
    answer: @escaping @Sendable (Result<Operation, any Error>) -> Void
  ) {}

  /// Says what an order would do; where `holds` and it is refused, counter-offers are held. As `submit` else.
  public func propose(
    _ request: VirtualInfrastructure, mode: Order.BuildMode = Order.BuildMode(), by caller: Caller, holds: Bool,
    answer: @escaping @Sendable (Result<Proposal, any Error>) -> Void
  ) {}

  /// The same for a change of what runs.
  public func propose(
    _ changes: [InfrastructureChange], of name: Name, by caller: Caller,
    answer: @escaping @Sendable (Result<Proposal, any Error>) -> Void
  ) {}

  /// An operation; nil where there is none of that name, or it was forgotten (a day after its end).
  public func operation(_ id: String) -> Operation? { nil }

  /// Answers as soon as the operation's version is above `version`, or after `seconds`.
  public func watch(
    operation id: String, after version: Int, seconds: Double, answer: @escaping @Sendable (Operation?) -> Void
  ) {}

  /// What happens; see `EventLog`.
  public let events = EventLog()

  // Agents.

  /// Answers as soon as the host's plans are newer than `generation`, or after `seconds`. Hearing of the agent counts as
  /// a sign of life.
  public func plans(
    for host: Name, after generation: UInt64, seconds: Double, agent: AgentIdentity,
    answer: @escaping @Sendable (Result<PlanDelivery, any Error>) -> Void
  ) {}

  /// Takes note of what an agent reports.
  public func note(_ report: HostOutcome, answer: @escaping @Sendable (Result<Void, any Error>) -> Void) {}
}

/// What a host's agent is given.
public struct PlanDelivery: Sendable {
  public var generation: UInt64
  /// Nil: nothing is newer.
  public var plans: [HostPlan]?
  /// The end of each slice's lease, seconds since 1970, by the infrastructure's number.
  public var leaseEnds: [UInt32: Int64]
  /// Seconds of silence after which the agent must stop the slice's machines.
  public var fences: [UInt32: Int64]
}

/// What a host's agent says came of its plans.
public struct HostOutcome: Sendable {
  public var host: Name
  public var generation: UInt64
  public var outcome: Agent.Outcome
  /// What failed for the host as a whole.
  public var problem: Problem?

  public init(host: Name, generation: UInt64, outcome: Agent.Outcome, problem: Problem? = nil) {
    (self.host, self.generation, self.outcome, self.problem) = (host, generation, outcome, problem)
  }
}

/// Which agent speaks.
public struct AgentIdentity: Hashable, Codable, Sendable {
  public var host: Name
  /// SHA-256 of its certificate: a second agent with another one is refused while the first lives.
  public var fingerprint: String
  public var version: String
  public var address: String?

  public init(host: Name, fingerprint: String, version: String, address: String?) {
    (self.host, self.fingerprint, self.version, self.address) = (host, fingerprint, version, address)
  }
}
