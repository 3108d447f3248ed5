import Embedding
import Infrastructure
import Quantities

/// Everything that changes a cloud, as a value: the only way in.
public enum Order: Sendable {
  /// Build it, or change what runs under its name into it; where its lease starts later, reserve it.
  case build(VirtualInfrastructure, mode: BuildMode = BuildMode())
  /// Take a counter-offer that is held.
  case take(offer: Int)
  /// Change what runs or is reserved; where the change cannot be built, what was before stays.
  case change(Name, [InfrastructureChange])
  case end(Name)
  /// Give up what is reserved; refused where it has begun.
  case release(Name)
  case moveEnd(Name, LeaseEnd)
  /// Build again what failed.
  case retry(Name)
  case pause(Name)
  case resume(Name)
  case applySubstrate(Substrate)
  case removeSubstrate
  /// No new nodes on this host; those that are there stay.
  case cordon(Name)
  /// Cordon it, and move away what can be moved.
  case drain(Name)
  case uncordon(Name)
  case collectGarbage

  /// How something is built.
  public struct BuildMode: Hashable, Sendable {
    /// What embeddings should be good at, the seed of the search, and steps to spend; nil is the usual one.
    public var algorithm: Strategy?
    public var seed: UInt64?
    public var budget: Int?
    /// Where the machines of a lost host go: nil leaves them until it is back.
    public var restartsElsewhere: Bool

    public init(
      algorithm: Strategy? = nil, seed: UInt64? = nil, budget: Int? = nil, restartsElsewhere: Bool = false
    ) {
      (self.algorithm, self.seed, self.budget) = (algorithm, seed, budget)
      self.restartsElsewhere = restartsElsewhere
    }
  }

  /// The new end of a lease.
  public enum LeaseEnd: Hashable, Sendable {
    /// `.distantFuture` is until somebody ends it.
    case at(Timestamp)
    case later(Duration)
  }

  /// What operations and the audit log call it.
  public var kind: String {
    switch self {
    case .build: "build"
    case .take: "take-offer"
    case .change: "change"
    case .end: "end"
    case .release: "release"
    case .moveEnd: "move-end"
    case .retry: "retry"
    case .pause: "pause"
    case .resume: "resume"
    case .applySubstrate: "apply-substrate"
    case .removeSubstrate: "remove-substrate"
    case .cordon: "cordon"
    case .drain: "drain"
    case .uncordon: "uncordon"
    case .collectGarbage: "collect-garbage"
    }
  }
}

/// One change of what runs.
public enum InfrastructureChange: Hashable, Sendable {
  /// `settings` gives type, rate and MTU; its name and endpoints do not count.
  case connect(EndpointReference, EndpointReference, name: Name?, settings: Network)
  /// The wire's name, or one of its ends.
  case disconnect(String)
  case set(kind: Network.Kind, network: String, [NetworkSetting])
}

/// Who orders, once it is known that they may.
public struct Caller: Hashable, Codable, Sendable {
  /// User name; of local users the name in the password file, or `uid:NUMBER`.
  public var user: String
  /// The project that pays; nil is the user alone.
  public var project: Name?

  public init(user: String, project: Name? = nil) { (self.user, self.project) = (user, project) }
}
