import Identity

extension DocumentSchemas {
  static let accounts: [String: JSON] = [
    "ProjectDocument": .record(
      "A project with its members and quota.", [:],
      optional: [
        "name": .name, "members": JSON.table(of: .oneOf(Role.self)).saying("By `anna` or `group:physics`."),
        "quota": .ref("Quota"),
      ]),
    "Quota": {
      var schema: JSON = .request(
        "The most that may be reserved at once; what is left out has no limit.", [:],
        optional: [
          "infrastructures": .count, "nodes": .count, "cpu": .cores, "memory": .bytes, "storage": .bytes,
          "networks": .count, "vlans": .count, "coreRate": .rate, "longestLease": .duration,
          "startsAhead": .duration, "offers": .count,
        ])
      schema["additionalProperties"] = false
      return schema
    }(),
    "QuotaDocument": .record(
      "A quota with what is taken of it.",
      ["kind": .oneOf(QuotaDocument.Kind.self), "name": .string, "quota": .ref("Quota"), "used": .ref("UsedDocument")]),
    "UsedDocument": .record(
      "What is reserved now, by the names of the quota's limits.",
      [
        "infrastructures": .count, "nodes": .count, "cpu": .cores, "memory": .bytes, "storage": .bytes,
        "networks": .count, "vlans": .count, "coreRate": .rate,
      ]),
    "TokenRequest": .request(
      "A bearer token to be issued.", [:],
      optional: [
        "label": ["type": "string", "maxLength": 200], "scope": .oneOf(Scope.self),
        "lifetime": JSON.duration.saying("Absent is 30 days."),
      ]),
    "TokenDocument": .record(
      "A bearer token.",
      [
        "id": .string, "owner": .string, "label": .string, "scopes": .list(of: .oneOf(Scope.self)), "created": .time,
        "expires": .time,
      ],
      optional: [
        "lastUsed": JSON.time.saying("To five minutes; absent: of no use is known."),
        "secret": JSON.string.saying("The token itself: only in the answer that issues it."),
      ]),
    "EnrolmentOrder": .request(
      "A one-time token for a host's agent, to be issued.", ["host": .name], optional: ["lifetime": .duration]),
    "EnrolmentGrant": .record(
      "The one-time token; it is shown once.",
      ["host": .name, "token": .string, "expires": .time, "fingerprint": .string]),
    "UsageDocument": .record(
      "What a user or project took.",
      [
        "infrastructures": .count, "coreHours": .decimal, "gibibyteHours": .decimal, "promisedGigabits": .decimal,
        "cost": .decimal,
      ], optional: ["name": .string, "from": JSON.time.saying("When the part begins, where parts were asked for.")]),
    "AuditDocument": .record(
      "Who changed what, when, from where, and what came of it.",
      [
        "time": .time, "user": .string, "origin": .string, "address": .string, "action": .string,
        "outcome": .string,
      ], optional: ["object": .string]),
  ]

  static let terminals: [String: JSON] = [
    "TerminalRequest": .request(
      "A terminal to be opened.", [:],
      optional: ["columns": side, "rows": side, "command": ["type": "array", "items": .string, "maxItems": 256]]),
    "TerminalDocument": .record(
      "A terminal in a machine.",
      ["id": .string, "infrastructure": .name, "node": .name, "created": .time, "idleSeconds": .count]),
    "TerminalSize": .request("Its size in characters.", ["columns": side, "rows": side]),
  ]

  private static let side: JSON = ["type": "integer", "minimum": 1, "maximum": 1000]

  static let agents: [String: JSON] = [
    "EnrolmentRequest": .request(
      "A one-time token for a certificate.",
      [
        "host": .name, "token": .string, "signingRequest": JSON.string.saying("PKCS#10, PEM."),
        "protocolVersion": .wholeNumber, "version": .string,
      ]),
    "EnrolmentAnswer": .record(
      "A certificate for an agent, PEM.",
      ["certificate": .string, "authority": .string, "controllers": .list(of: .string)]),
    "RenewalRequest": .request("A new key for an agent: PKCS#10, PEM.", ["signingRequest": .string]),
    "PlansDocument": .record(
      "What a host's agent has to do. Its plans are in a form that only agents of the same protocol version read.",
      [
        "host": .name, "generation": .count, "leaseEnds": .table(of: .wholeNumber), "fences": .table(of: .wholeNumber),
        "poll": .count, "time": .wholeNumber,
      ], optional: ["plans": .list(of: ["type": "object"])]),
    "AgentReport": .request(
      "What came of a host's plans.",
      [
        "host": .name, "generation": .count, "reports": .list(of: ["type": "object"]),
        "failures": .table(of: ["type": "object"]), "warnings": .table(of: .list(of: ["type": "object"])),
        "running": .table(of: .table(of: .wholeNumber)),
      ], optional: ["problem": ["type": "object"]]),
    "ErrandsDocument": .record(
      "What a host's agent is to do at once.", ["host": .name, "errands": .list(of: .ref("Errand"))]),
    "Errand": .record(
      "Something that a host's agent is to do: read counters, or open a terminal under this `id`.",
      ["id": .string, "kind": .oneOf(Errand.Kind.self), "number": JSON.count.saying("Of the infrastructure.")],
      optional: ["terminal": .ref("TerminalErrand")]),
    "TerminalErrand": .record(
      "A program to be run in a machine.",
      ["machine": .string, "columns": side, "rows": side, "command": .list(of: .string)]),
    "ErrandAnswer": .request(
      "What came of an errand.", [:],
      optional: ["readings": .list(of: ["type": "object"]), "problem": ["type": "object"]]),
    "TerminalInput": .record(
      "What is typed into a terminal on the agent's host.",
      [
        "after": JSON.count.saying("Octets that were typed before."), "data": JSON.string.saying("base64"),
        "sizes": JSON.count.saying("How often its size was changed."), "isHungUp": .flag,
      ], optional: ["size": .ref("TerminalSize")]),
    "TerminalExit": .request("The program has ended.", ["status": ["type": "integer", "minimum": 0, "maximum": 255]]),
  ]
}
