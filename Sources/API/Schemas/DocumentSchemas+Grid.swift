import Controller
import Identity
import Infrastructure
import Reservations

extension DocumentSchemas {
  static let substrates: [String: JSON] = [
    "SubstrateDocument": .record(
      "The grid and what is reserved of it.",
      [
        "name": .name, "core": .oneOf(CoreKind.self), "sites": .list(of: .name),
        "hosts": .list(of: .ref("HostDocument")), "links": .list(of: .ref("LinkDocument")),
        "isDefault": JSON.flag.saying("Nobody applied one: it is the controller's machine alone."),
      ]),
    "HostDocument": .record(
      "One host.",
      [
        "name": .name, "site": .name, "kind": .oneOf(Host.Kind.self), "cpu": .cores, "cpuFree": .cores,
        "memory": .bytes, "memoryFree": .bytes, "state": .oneOf(HostStanding.State.self),
      ], optional: ["uplink": .rate, "uplinkFree": .rate, "agent": .ref("AgentDocument")]),
    "AgentDocument": .record(
      "A host's agent.", ["version": .string, "given": .count, "applied": .count],
      optional: ["address": .string, "silence": JSON.decimal.saying("Seconds since it was heard of.")]),
    "LinkDocument": .record(
      "One core link.", ["first": .name, "second": .name, "latency": .duration, "mtu": .count],
      optional: ["rate": .rate, "free": .rate]),
    "VLANRow": .record(
      "One VLAN in use at one site.",
      [
        "site": .name, "vlan": ["type": "integer", "minimum": 1, "maximum": 4094],
        "state": .oneOf(VLANRow.State.self),
        "owner": .record("Whose it is.", ["infrastructure": .name, "network": .name, "number": .count]),
        "awaiting": .list(of: .string), "isAllowed": .flag,
      ]),
    "BookingDocument": .record(
      "One line of the calendar.",
      ["resource": .string, "holder": .name, "isOffer": .flag, "start": .time, "amount": .string],
      optional: ["end": .time, "capacity": .string, "share": .decimal]),
  ]

  static let services: [String: JSON] = [
    "ServiceDocument": .record(
      "What answers.",
      [
        "name": .string, "version": .string, "api": .string, "isLeader": .flag, "time": .time, "substrate": .name,
      ], optional: ["leader": .string]),
    "EventDocument": .record(
      "Something that happened.",
      [
        "id": .count, "time": .time,
        "kind": .words(
          "infrastructure", "operation", "host", "substrate", "offer", "lease", "controller"),
        "object": .string, "what": .string,
      ], optional: ["project": .name, "owner": .string, "cause": .string]),
    "IdentityDocument": .record(
      "Who asks.",
      [
        "user": .string, "groups": .list(of: .string), "role": .string, "projects": .table(of: .string),
        "origin": .words("socket", "certificate", "token", "agent"), "scopes": .list(of: .oneOf(Scope.self)),
      ], optional: ["token": JSON.string.saying("Identifier of the token that they came with.")]),
  ]
}
