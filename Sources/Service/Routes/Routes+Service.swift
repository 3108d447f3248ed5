import API
import Controller
import Identity
import Languages
import Quantities
import WebServer

/// What answers, and what it can do.
extension AllRoutes {
  static let service: [Route] = [
    Route(
      .get, "/v1", "readService", tag: "service", "What answers.", .anybody,
      answers: [.json("ServiceDocument", "It.")]
    ) { call in
      let leadership = call.service.settings.leadership()
      return .now(
        try Response(
          ServiceDocument(
            version: call.service.settings.version, isLeader: leadership.isHere, leader: leadership.leader,
            time: call.now, substrate: call.view.substrate.name)))
    },
    Route(
      .get, "/v1/openapi.json", "describe", tag: "service", "This description.", .anybody,
      parameters: [.ifNoneMatch],
      answers: [
        RouteAnswer(
          status: 200, summary: "OpenAPI 3.1.", types: [("application/json", ["type": "object"])],
          headers: ["ETag": .string]), .notModified,
      ]
    ) { .now($0.service.description.response(to: $0.request)) },
    Route(
      .get, "/v1/schemas/{file}", "readSchema", tag: "service",
      "JSON Schema of a file: `infrastructure.json`, `substrate.json` or `service.json`.", .anybody,
      parameters: [.ifNoneMatch],
      answers: [
        RouteAnswer(
          status: 200, summary: "The schema.", types: [("application/schema+json", ["type": "object"])],
          headers: ["ETag": .string]), .notModified,
      ]
    ) { call in
      let schemas: [String: PublishedSchema] = [
        "infrastructure.json": .infrastructure, "substrate.json": .substrate,
      ]
      let file = call.captured
      if let schema = schemas[file] {
        let entity = try call.service.cache.entity(.init(route: call.route.id, object: file), stamp: 0) {
          Entity(type: "application/schema+json", try schema.text())
        }
        return .now(entity.response(to: call.request))
      }
      guard file == "service.json", let schema = call.service.settings.schema else {
        throw Call.missing("schema", file)
      }
      return .now(Entity(type: "application/schema+json", schema).response(to: call.request))
    },
    Route(
      .get, "/v1/whoami", "whoami", tag: "service", "Who asks, and what they may.",
      .who(may: .readOwnIdentity, to: .cloud), answers: [.json("IdentityDocument", "Who.")]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      return .now(try Response(IdentityDocument(principal, call.service.access.policy)))
    },
    Route(
      .get, "/healthz", "health", tag: "service", "Whether it lives.", .anybody,
      answers: [.text("text/plain", "It does.")]
    ) { _ in .now(plain("ok\n")) },
    Route(
      .get, "/readyz", "readiness", tag: "service", "Whether it can be asked: it leads, or knows who does.", .anybody,
      answers: [.text("text/plain", "It can.")], problems: [503]
    ) { call in
      let leadership = call.service.settings.leadership()
      guard leadership.isHere || leadership.leader != nil else {
        throw Problem(
          .failed, "no-leader", "No controller leads now.", remedy: "Try again in a few seconds: one will be chosen.")
      }
      return .now(plain("ok\n"))
    },
  ]

  private static func plain(_ text: String) -> Response {
    Response(status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
  }

  /// The web console: files that everybody may have; what they show comes by the routes above.
  static let console: [Route] = [
    Route(
      .get, "/", "console", tag: "console", "The web console.", .anybody, parameters: [.ifNoneMatch],
      answers: [.text("text/html", "Its page.", tagged: true), .notModified]
    ) { call in .now(try call.consoleFile("index.html")) },
    Route(
      .get, "/console/{file...}", "consoleFile", tag: "console", "A file of the web console.", .anybody,
      parameters: [.ifNoneMatch],
      answers: [
        RouteAnswer(status: 200, summary: "The file.", types: [("*/*", .string)], headers: ["ETag": .string]),
        .notModified,
      ]
    ) { call in .now(try call.consoleFile(call.captured)) },
  ]
}
