import Controller
import Infrastructure
import Planning
import Quantities

/// One infrastructure in a list: `GET /v1/infrastructures`.
public struct InfrastructureSummary: Codable, Hashable, Sendable {
  /// Unique in the cloud.
  public var name: Name
  /// The project that pays; absent: its owner alone.
  public var project: Name?
  /// User name of who holds it.
  public var owner: String
  /// Where it is in its life.
  public var phase: InfrastructureRecord.Phase
  /// Why it failed or ends, or what is wrong with it.
  public var cause: String?
  /// When it was let in, UTC.
  public var created: Timestamp
  /// When its lease begins, UTC.
  public var start: Timestamp
  /// Absent: until somebody ends it.
  public var end: Timestamp?
  /// Number of machines and routers.
  public var nodes: Int
  /// Nodes that run.
  public var running: Int
  /// Number of segments and wires.
  public var networks: Int
  /// Names this state of it; also its entity tag.
  public var revision: Int64
}

/// One infrastructure whole: `GET /v1/infrastructures/{name}`.
public struct InfrastructureDocument: Codable, Hashable, Sendable {
  /// The same as in a list.
  public var summary: InfrastructureSummary
  /// A row for each interface, by the order of the file.
  public var nodes: [NodeDocument]
  /// What each segment and wire is promised and gets now.
  public var networks: [NetworkRow]
  /// How each wire is set and carried.
  public var wires: [WireDocument]
}

/// One interface of one node, and the node's state: a node without interfaces has one row.
public struct NodeDocument: Codable, Hashable, Sendable {
  /// Where the node is, and one of its interfaces.
  public var row: NodeRow
  /// `running`, `stopped`, `paused`, or `reserved` before its lease begins.
  public var state: String
}

/// One wire of an infrastructure.
public struct WireDocument: Codable, Hashable, Sendable {
  /// Unique in the infrastructure.
  public var name: Name
  /// `NODE:INTERFACE`.
  public var first, second: String
  /// As it was asked for.
  public var type: WireType
  /// As it is.
  public var carriedBy: CarriedBy
  /// VLAN or VXLAN identifier, in words.
  public var identifier: String?
  /// `100Mbit/s`, `100Mbit/s..1Gbit/s` or `none`; from the first end to the second, and back.
  public var rate, reverseRate: String
  /// Added one way, a duration's text.
  public var delay: String
  /// Added one way, such as `0.1%`.
  public var loss: String
  /// `up`, or what the processes at its ends say.
  public var state: String?
}
