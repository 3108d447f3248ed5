import Controller
import Embedding
import Identity
import Infrastructure
import Planning
import Reservations

/// The JSON Schemas of every document, by the documents' names: the components of the API's description.
public enum DocumentSchemas {
  /// By name of the document; pages are `NAMEPage`.
  public static let all: [String: JSON] = {
    var schemas = infrastructures
    for part in [proposals, substrates, services, accounts, terminals, agents] {
      schemas.merge(part) { first, _ in first }
    }
    for item in paged { schemas[item + "Page"] = page(of: item) }
    for item in ["RateDocument", "DropDocument"] { schemas[item + "Page"] = page(of: item, ["missing": missing]) }
    return schemas
  }()

  /// Documents of which there are pages.
  static let paged = [
    "InfrastructureSummary", "RateDocument", "DropDocument", "OfferDocument", "OperationDocument", "EventDocument",
    "HostDocument", "VLANRow", "BookingDocument", "UsageDocument", "AuditDocument", "ProjectDocument", "TokenDocument",
    "QuotaDocument",
  ]

  private static let missing = JSON.list(of: .name).saying(
    "Hosts whose agents did not answer in time: what they have counted is not among the items.")

  private static func page(of item: String, _ more: [String: JSON] = [:]) -> JSON {
    let next = JSON.string.saying("The value of `after` for the next page; absent on the last.")
    return .record(
      "A page of a list.", ["items": .list(of: .ref(item))],
      optional: more.merging(["next": next]) { first, _ in first })
  }

  static let infrastructures: [String: JSON] = [
    "InfrastructureSummary": .record(
      "One infrastructure in a list.",
      [
        "name": .name, "owner": .string, "phase": .oneOf(InfrastructureRecord.Phase.self), "created": .time,
        "start": .time, "nodes": .count, "running": JSON.count.saying("Nodes that run."), "networks": .count,
        "revision": JSON.count.saying("Names this state of it; also its entity tag."),
      ],
      optional: [
        "project": .name, "cause": JSON.string.saying("Why it failed or ends, or what is wrong with it."),
        "end": JSON.time.saying("Absent: until somebody ends it."),
      ]),
    "InfrastructureDocument": .record(
      "One infrastructure whole.",
      [
        "summary": .ref("InfrastructureSummary"), "nodes": .list(of: .ref("NodeDocument")),
        "networks": .list(of: .ref("NetworkRow")), "wires": .list(of: .ref("WireDocument")),
      ]),
    "NodeDocument": .record(
      "One interface of one node, and the node's state.",
      ["row": .ref("NodeRow"), "state": .words("running", "stopped", "paused", "reserved")]),
    "NodeRow": .record(
      "One interface of one node; a node without interfaces has one row.",
      ["node": .name, "kind": .oneOf(Node.Kind.self), "host": .name, "addresses": .list(of: .string)],
      optional: [
        "site": .name, "interface": .string, "mac": .string, "network": .name,
        "vlan": ["type": "integer", "minimum": 1, "maximum": 4094],
      ]),
    "NetworkRow": .record(
      "One segment or wire and where it goes.",
      [
        "network": .name, "kind": .words("segment", "wire"), "hosts": .list(of: .name), "sites": .list(of: .name),
        "latency": .duration, "vlans": .table(of: ["type": "integer", "minimum": 1, "maximum": 4094]),
        "minimum": .rate, "reverseMinimum": .rate,
      ], optional: ["allowed": .rate, "reverseAllowed": .rate]),
    "WireDocument": .record(
      "One wire of an infrastructure.",
      [
        "name": .name, "first": .string, "second": .string, "type": .oneOf(WireType.self),
        "carriedBy": .words("direct", "bridge", "vlan", "vxlan", "tunnel"), "rate": .string, "reverseRate": .string,
        "delay": .string, "loss": .string,
      ], optional: ["identifier": .string, "state": .string]),
    "RateDocument": .record(
      "What one end of a network is promised, may use now, and has sent.",
      [
        "network": .name, "kind": .words("segment", "wire"), "from": .string, "promised": .rate, "lastSecond": .rate,
        "lastMinute": .rate, "frames": .count, "dropped": .count,
      ], optional: ["allowed": .rate]),
    "DropDocument": .record(
      "What was dropped, where and why.", ["place": .string, "reason": .string, "frames": .count]),
  ]
}
