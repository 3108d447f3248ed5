import Controller
import Infrastructure
import Quantities

/// The grid and what is reserved of it: `GET /v1/substrate`.
public struct SubstrateDocument: Codable, Hashable, Sendable {
  public var name: Name
  public var core: CoreKind
  public var sites: [Name]
  public var hosts: [HostDocument]
  public var links: [LinkDocument]
  /// Nobody applied one: it is the controller's machine alone.
  public var isDefault: Bool
}

/// One host: `GET /v1/hosts`.
public struct HostDocument: Codable, Hashable, Sendable {
  public var name: Name
  public var site: Name
  public var kind: Host.Kind
  public var cpu, cpuFree: Cores
  public var memory, memoryFree: ByteCount
  /// Absent: not limited.
  public var uplink, uplinkFree: Bitrate?
  public var state: HostStanding.State
  /// Of its agent; absent where the controller works it itself.
  public var agent: AgentDocument?
}

/// A host's agent.
public struct AgentDocument: Codable, Hashable, Sendable {
  public var version: String
  public var address: String?
  /// Seconds since it was heard of.
  public var silence: Double?
  /// Generation that it was last given, and that it has applied.
  public var given, applied: UInt64
}

/// One core link.
public struct LinkDocument: Codable, Hashable, Sendable {
  public var first, second: Name
  /// Absent: not limited.
  public var rate, free: Bitrate?
  @DurationText public var latency: Duration
  public var mtu: Int
}
