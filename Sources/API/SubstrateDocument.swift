import Controller
import Infrastructure
import Quantities

/// The grid and what is reserved of it: `GET /v1/substrate`.
public struct SubstrateDocument: Codable, Hashable, Sendable {
  /// As its file says.
  public var name: Name
  /// How sites are joined.
  public var core: CoreKind
  /// In the order of the file.
  public var sites: [Name]
  /// In the order of the file.
  public var hosts: [HostDocument]
  /// Between sites, in the order of the file.
  public var links: [LinkDocument]
  /// Nobody applied one: it is the controller's machine alone.
  public var isDefault: Bool
}

/// One host: `GET /v1/hosts`.
public struct HostDocument: Codable, Hashable, Sendable {
  /// Unique in the substrate.
  public var name: Name
  /// Where it stands.
  public var site: Name
  /// Real, or emulated on the controller's machine.
  public var kind: Host.Kind
  /// All that can be promised, and what of it is not held now.
  public var cpu, cpuFree: Cores
  /// All that can be promised, and what of it is not held now.
  public var memory, memoryFree: ByteCount
  /// Absent: not limited.
  public var uplink, uplinkFree: Bitrate?
  /// Whether it takes machines.
  public var state: HostStanding.State
  /// Of its agent; absent where the controller works it itself.
  public var agent: AgentDocument?
}

/// A host's agent.
public struct AgentDocument: Codable, Hashable, Sendable {
  /// Of its program.
  public var version: String
  /// Whence it asks; absent: not known.
  public var address: String?
  /// Seconds since it was heard of.
  public var silence: Double?
  /// Generation that it was last given, and that it has applied.
  public var given, applied: UInt64
}

/// One core link.
public struct LinkDocument: Codable, Hashable, Sendable {
  /// The sites that it joins.
  public var first, second: Name
  /// Absent: not limited.
  public var rate, free: Bitrate?
  /// One way.
  @DurationText public var latency: Duration
  /// Largest IP packet that it carries, octets.
  public var mtu: Int
}
