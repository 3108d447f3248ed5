import Controller
import Infrastructure
import Planning
import Quantities

/// One infrastructure in a list: `GET /v1/infrastructures`.
public struct InfrastructureSummary: Codable, Hashable, Sendable {
  public var name: Name
  public var project: Name?
  /// User name of who holds it.
  public var owner: String
  public var phase: InfrastructureRecord.Phase
  /// Why it failed or ends, or what is wrong with it.
  public var cause: String?
  public var created: Timestamp
  public var start: Timestamp
  /// Absent: until somebody ends it.
  public var end: Timestamp?
  public var nodes: Int
  /// Nodes that run.
  public var running: Int
  public var networks: Int
  /// Names this state of it; also its entity tag.
  public var revision: Int64
}

/// One infrastructure whole: `GET /v1/infrastructures/{name}`.
public struct InfrastructureDocument: Codable, Hashable, Sendable {
  public var summary: InfrastructureSummary
  public var nodes: [NodeDocument]
  public var networks: [NetworkRow]
  public var wires: [WireDocument]
}

/// One interface of one node, and the node's state: a node without interfaces has one row.
public struct NodeDocument: Codable, Hashable, Sendable {
  public var row: NodeRow
  /// `running`, `stopped`, `paused`, or `reserved` before its lease begins.
  public var state: String
}

/// One wire of an infrastructure.
public struct WireDocument: Codable, Hashable, Sendable {
  public var name: Name
  /// `NODE:INTERFACE`.
  public var first, second: String
  public var type: WireType
  public var carriedBy: CarriedBy
  /// VLAN or VXLAN identifier, in words.
  public var identifier: String?
  public var rate, reverseRate: String
  public var delay: String
  public var loss: String
  /// `up`, or what the processes at its ends say.
  public var state: String?
}
