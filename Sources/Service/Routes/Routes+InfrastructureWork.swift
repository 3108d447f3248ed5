import API
import Controller
import Identity
import Infrastructure
import Quantities
import WebServer

/// Building, changing and ending infrastructures.
extension AllRoutes {
  static let infrastructureWork: [Route] = [
    Route(
      .put, "/v1/infrastructures/{name}", "buildInfrastructure", tag: "infrastructures",
      "Build what a file describes, or change what runs under its name into it.",
      .who(may: .buildInfrastructure, to: .infrastructureOrNew),
      parameters: [
        .project, .start, .duration, .dryRun,
        .query("restart", .choice(["elsewhere"]), "Machines of a host that is lost are started on another."), .ifMatch,
        .onlyNew, .key, .prefer,
      ] + RouteParameter.building,
      body: .file, answers: RouteAnswer.workOrProposal, problems: [409, 412, 413, 422]
    ) { $0.build() },
    Route(
      .post, "/v1/infrastructures/{name}/changes", "changeInfrastructure", tag: "infrastructures",
      "Change single things of what runs or is reserved.", .who(may: .changeInfrastructure, to: .infrastructure),
      parameters: [.dryRun, .ifMatch, .key, .prefer],
      body: RouteBody(types: [("application/json", .list(of: .ref("ChangeDocument")))]),
      answers: RouteAnswer.workOrProposal, problems: [409, 412, 422]
    ) { try $0.change() },
    Route(
      .patch, "/v1/infrastructures/{name}/lease", "moveLease", tag: "infrastructures", "Move the end of its lease.",
      .who(may: .extendLease, to: .infrastructure), parameters: [.ifMatch, .key], body: .json("LeaseChange"),
      answers: [.json("OperationDocument", "It is moved.")], problems: [409, 412]
    ) { call in
      try call.order(
        .moveEnd(try call.record().name, try call.leaseEnd()), expecting: try call.wantedRevision(), isDone: true)
    },
    Route(
      .delete, "/v1/infrastructures/{name}", "endInfrastructure", tag: "infrastructures", "End it.",
      .who(may: .endInfrastructure, to: .infrastructure),
      parameters: [
        .query("onlyReserved", .flag, "Refuse where it has begun."), .ifMatch, .key, .prefer,
      ], answers: RouteAnswer.operation, problems: [409, 412]
    ) { call in
      let name = try call.record().name
      return try call.order(
        call.flag("onlyReserved") ? .release(name) : .end(name), expecting: try call.wantedRevision())
    },
    simple("retry", "retryInfrastructure", "Build again what failed.") { .retry($0) },
    simple("pause", "pauseInfrastructure", "Give its machines no processor time.") { .pause($0) },
    simple("resume", "resumeInfrastructure", "Give its machines processor time again.") { .resume($0) },
  ]

  private static func simple(
    _ verb: String, _ id: String, _ summary: String, _ order: @escaping @Sendable (Name) -> Order
  ) -> Route {
    Route(
      .post, "/v1/infrastructures/{name}/\(verb)", id, tag: "infrastructures", summary,
      .who(may: .changeInfrastructure, to: .infrastructure), parameters: [.ifMatch, .key, .prefer],
      answers: RouteAnswer.operation, problems: [409, 412]
    ) { call in
      try call.order(order(try call.record().name), expecting: try call.wantedRevision())
    }
  }
}

extension RouteAnswer {
  /// What is begun, or, with `dryRun`, what would be.
  static let workOrProposal: [RouteAnswer] = [
    operation[0],
    RouteAnswer(
      status: 200, summary: "With `dryRun` what would be done; else it has ended: the client would wait.",
      types: [
        ("application/json", ["anyOf": [.ref("OperationDocument"), .ref("ProposalDocument")]])
      ]),
  ]
}

extension Call {
  /// Builds what the body describes.
  fileprivate func build() -> Outcome {
    working {
      let request = try readInfrastructure()
      guard request.name.description == captured else {
        throw Problem(
          .invalid, "other-name", "The file describes '\(request.name)', but the address says '\(captured.excerpt)'.",
          remedy: "Use one name in both.", location: "body:1:1")
      }
      let revision = try wantedRevision()
      let caller = try caller()
      if flag("dryRun") {
        return .later { answer in
          service.cloud.propose(request, mode: buildMode(), by: caller, holds: false) { result in
            answer(result.flatMap { proposal in Result { try Response(ProposalDocument(proposal)) } })
          }
        }
      }
      return try order(.build(request, mode: buildMode()), expecting: revision)
    }
  }

  fileprivate func change() throws -> Outcome {
    let changes = try document([ChangeDocument].self).map { (change) throws(Problem) in try change.change() }
    let name = try record().name
    guard flag("dryRun") else { return try order(.change(name, changes), expecting: try wantedRevision()) }
    let caller = try caller()
    return .later { answer in
      service.cloud.propose(changes, of: name, by: caller) { result in
        answer(result.flatMap { proposal in Result { try Response(ProposalDocument(proposal)) } })
      }
    }
  }

  fileprivate func leaseEnd() throws(Problem) -> Order.LeaseEnd {
    let change = try document(LeaseChange.self)
    switch (change.end, change.extend) {
    case (let end?, nil): return .at(try Timestamp(parsing: end))
    case (nil, let longer?): return .later(try Duration(parsing: longer))
    default:
      throw Problem(
        .invalid, "bad-body", "The body must say either 'end' or 'extend'.",
        remedy: "Send {\"extend\": \"2h\"}, say.")
    }
  }
}
