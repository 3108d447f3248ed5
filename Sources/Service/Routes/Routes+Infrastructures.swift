import API
import Controller
import Identity
import Infrastructure
import Languages
import Quantities
import WebServer

/// Looking at infrastructures.
extension AllRoutes {
  static let infrastructures: [Route] = [
    Route(
      .get, "/v1/infrastructures", "listInfrastructures", tag: "infrastructures",
      "The infrastructures that one may see, by name.", .who(may: .listInfrastructures, to: .cloud),
      parameters: [
        .query("project", .name, "Only those of this project."),
        .query("phase", .choice(InfrastructureRecord.Phase.allCases.map(\.rawValue)), "Only those in this phase."),
        .limit, .after, .ifNoneMatch,
      ], answers: [.json("InfrastructureSummaryPage", "A page of them.", tagged: true), .notModified]
    ) { .now(try $0.infrastructureList().response(to: $0.request)) },
    Route(
      .get, "/v1/infrastructures/{name}", "readInfrastructure", tag: "infrastructures", "One infrastructure, whole.",
      .who(may: .readInfrastructure, to: .infrastructure), parameters: [.ifNoneMatch],
      answers: [.json("InfrastructureDocument", "It, with its revision as entity tag.", tagged: true), .notModified]
    ) { .now(try $0.infrastructureEntity().response(to: $0.request)) },
    Route(
      .get, "/v1/infrastructures/{name}/definition", "readDefinition", tag: "infrastructures",
      "The file that describes it.", .who(may: .readInfrastructure, to: .infrastructure), parameters: [.ifNoneMatch],
      answers: [
        RouteAnswer(
          status: 200, summary: "The file.",
          types: [("application/yaml", [:]), ("application/json", ["type": "object"])], headers: ["ETag": .string]),
        .notModified,
      ]
    ) { .now(try $0.definition().response(to: $0.request)) },
    Route(
      .get, "/v1/infrastructures/{name}/rates", "readRates", tag: "infrastructures",
      "What each end of its networks is promised, may use, and has sent.",
      .who(may: .readInfrastructure, to: .infrastructure), parameters: [.limit, .after],
      answers: [.json("RateDocumentPage", "A row an end.")], problems: [409]
    ) { call in
      try call.traffic { try Response(call.page(byPosition: RateDocument.rows(of: $0), missing: $0.missing)) }
    },
    Route(
      .get, "/v1/infrastructures/{name}/drops", "readDrops", tag: "infrastructures",
      "What was dropped of its frames, where and why.", .who(may: .readInfrastructure, to: .infrastructure),
      parameters: [.limit, .after], answers: [.json("DropDocumentPage", "A row a place and reason.")], problems: [409]
    ) { call in
      try call.traffic { try Response(call.page(byPosition: DropDocument.rows(of: $0), missing: $0.missing)) }
    },
    Route(
      .get, "/v1/infrastructures/{name}/diagram", "drawInfrastructure", tag: "infrastructures",
      "A picture of it: who is joined to whom, and where.", .who(may: .readInfrastructure, to: .infrastructure),
      parameters: [
        .query("format", .choice(["svg", "dot", "mermaid"]), "Of the picture; svg by itself."), .ifNoneMatch,
      ],
      answers: DiagramPicture.answers
    ) { call in
      let record = try call.record()
      return call.picture(of: record.name.description, stamp: record.standing.revision) {
        Diagram(
          record.admission.embedding, of: record.admission.infrastructure, on: call.view.substrate)
      }
    },
  ]
}

extension Call {
  fileprivate func infrastructureList() throws -> Entity {
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let key = DocumentCache.Key(route: route.id, object: query, viewer: viewer)
    return try service.cache.entity(key, stamp: moment) {
      Entity(type: "application/json", try DocumentJSON.bytes(try summaries()))
    }
  }

  private func summaries() throws -> Page<InfrastructureSummary> {
    let (project, phase) = (request.parameter("project"), request.parameter("phase"))
    let records = view.records.filter {
      (project == nil || $0.standing.caller.project?.description == project)
        && (phase == nil || $0.standing.phase.rawValue == phase) && sees(Target($0))
    }.sorted { $0.name < $1.name }
    return page(
      records.lazy.map { InfrastructureSummary($0, running: view.runningCount(of: $0), cause: view.cause(of: $0)) }
    ) {
      $0.name.description
    }
  }

  fileprivate func infrastructureEntity() throws -> Entity {
    let record = try record()
    return try service.cache.entity(DocumentCache.Key(route: route.id, object: captured), stamp: moment) {
      guard let whole = try view.infrastructure(record.name) else { throw Self.missing("infrastructure", captured) }
      let document = InfrastructureDocument(
        whole, networks: view.networks(of: record.name), fastPath: view.substrate.fastPath,
        states: record.standing.phase == .running ? try service.cloud.wireStates(of: record.admission) : [:])
      return Entity(
        type: "application/json", try DocumentJSON.bytes(document), tag: "\(record.standing.revision)")
    }
  }

  fileprivate func definition() throws -> Entity {
    let record = try record()
    let text = InfrastructureWriter.text(record.admission.infrastructure)
    let type = try accepted(["application/yaml", "application/json"])
    let bytes = type == "application/yaml" ? Array(text.utf8) : try FileJSON.text(of: Array(text.utf8), file: captured)
    return Entity(type: type, bytes)
  }

  /// Changes whenever anything that is told may have: with each decision, and each second.
  var moment: Int64 { view.revision &* 0x1_0000_0000 &+ now.seconds }

  /// Whose view of a list it is.
  var viewer: String {
    guard let principal else { return "" }
    return ([principal.user.description] + principal.groups.map(\.description).sorted()).joined(separator: " ")
  }

  /// Which of these types the client likes best. Throws `not-acceptable`.
  func accepted(_ types: [String]) throws(Problem) -> String {
    guard let header = request.header("Accept") else { return types[0] }
    if let type = AcceptedTypes(header).best(of: types) { return type }
    throw Problem(
      .invalid, "not-acceptable", "There is no '\(header.excerpt)' of this.",
      remedy: "Accept \(types.joined(separator: " or ")).")
  }
}
