import Controller
import Infrastructure
import Planning

extension DocumentSchemas {
  static let proposals: [String: JSON] = [
    "ProposalDocument": .record(
      "What an infrastructure would get.",
      [
        "name": .name, "change": .words("new", "changed", "unchanged"), "start": .time, "revenue": .decimal,
        "cost": .decimal, "pricePerHour": .decimal, "nodes": .list(of: .ref("NodeRow")),
        "networks": .list(of: .ref("NetworkRow")), "resources": .list(of: .ref("ResourceDocument")),
        "phases": .list(of: .ref("PhaseDocument")), "embedding": .ref("Embedding"),
      ], optional: ["end": .time]),
    "ResourceDocument": .record(
      "What a proposal takes of one resource.", ["resource": .string, "held": .string, "taken": .string],
      optional: ["capacity": .string, "left": .string]),
    "PhaseDocument": .record(
      "An amount that is promised from a moment of the timeline on.",
      ["start": .time, "object": .string, "what": .string, "amount": .string], optional: ["end": .time]),
    "Embedding": .record(
      "Who goes where: host by node, tree by network.",
      ["placement": .table(of: .name), "trees": .table(of: .ref("NetworkTree"))]),
    "NetworkTree": .record(
      "Hosts, sites and core links (by their numbers) of one network.",
      [
        "hosts": .list(of: .name), "sites": .list(of: .name), "links": .list(of: .count),
        "paths": .list(of: .ref("SplitPath")),
      ]),
    "SplitPath": .record(
      "One of several paths of a wire.", ["links": .list(of: .count), "rate": .rate, "reverseRate": .rate]),
    "OfferDocument": .record(
      "A counter-offer.",
      [
        "name": .name, "kind": .oneOf(CounterOffer.Kind.self), "difference": .string, "start": .time,
        "distance": .decimal,
      ],
      optional: [
        "number": JSON.count.saying("How it is taken; absent where it is not held."), "end": .time, "expires": .time,
      ]),
    "OperationDocument": .record(
      "Long work.",
      [
        "id": .string, "kind": .string, "target": .string, "user": .string,
        "state": .oneOf(Operation.State.self), "created": .time,
        "progress": .record("How far it is.", ["title": .string, "done": .count], optional: ["total": .count]),
        "version": .count, "warnings": .list(of: .ref("ProblemDocument")), "results": .list(of: .string),
      ], optional: ["finished": .time, "problem": .ref("ProblemDocument")]),
    "ProblemDocument": .record(
      "RFC 9457 problem details, with the code and remedy of the command line.",
      [
        "type": ["type": "string", "format": "uri-reference"], "title": .string,
        "status": ["type": "integer", "minimum": 100, "maximum": 599], "code": .string, "detail": .string,
        "remedy": .string,
      ], optional: ["location": .string, "offers": .list(of: .ref("OfferDocument"))]),
    "CheckDocument": .record("What is wrong with a file.", ["problems": .list(of: .ref("ProblemDocument"))]),
    "ChangeDocument": [
      "description": "One change of a running infrastructure.",
      "oneOf": [
        change(
          "connect", "Ends are `NODE` or `NODE:INTERFACE`.", ["first": .string, "second": .string],
          optional: ["name": .string, "type": .string, "rate": .string, "mtu": .wholeNumber]),
        change("disconnect", "The wire's name, or one of its ends.", ["wire": .string]),
        change(
          "set", "`object` is `wire/NAME` or `segment/NAME`; each setting is `KEY=VALUE`.",
          ["object": .string, "settings": .list(of: .string)]),
      ],
    ],
    "LeaseChange": .request(
      "Where a lease shall end: one of the two.", [:],
      optional: ["end": JSON.string.saying("RFC 3339, or `never`."), "extend": JSON.string.saying("Such as `2h`.")]),
  ]

  private static func change(
    _ kind: String, _ summary: String, _ required: [String: JSON], optional: [String: JSON] = [:]
  ) -> JSON {
    var schema: JSON = .record("", [kind: .request(summary, required, optional: optional)])
    schema["description"] = nil
    schema["additionalProperties"] = false
    return schema
  }
}
