import API
import Controller
import Identity
import Infrastructure
import Languages
import Quantities
import WebServer

/// The grid.
extension AllRoutes {
  static let substrate: [Route] = [
    Route(
      .get, "/v1/substrate", "readSubstrate", tag: "substrate", "The sites, hosts and links, and what is reserved.",
      .who(may: .readSubstrate, to: .cloud), parameters: [.ifNoneMatch],
      answers: [.json("SubstrateDocument", "It.", tagged: true), .notModified]
    ) { call in
      let entity = try call.service.cache.entity(.init(route: call.route.id), stamp: call.moment) {
        Entity(type: "application/json", try DocumentJSON.bytes(SubstrateDocument(call.view)))
      }
      return .now(entity.response(to: call.request))
    },
    Route(
      .put, "/v1/substrate", "applySubstrate", tag: "substrate", "Put a substrate in force.",
      .who(may: .changeSubstrate, to: .cloud), parameters: [.key, .prefer], body: .file,
      answers: RouteAnswer.operation, problems: [409, 413, 422]
    ) { call in
      call.working { try call.order(.applySubstrate(try call.readSubstrate())) }
    },
    Route(
      .delete, "/v1/substrate", "removeSubstrate", tag: "substrate", "Go back to the controller's machine alone.",
      .who(may: .changeSubstrate, to: .cloud), parameters: [.key, .prefer], answers: RouteAnswer.operation,
      problems: [409]
    ) { try $0.order(.removeSubstrate) },
    Route(
      .get, "/v1/substrate/definition", "readSubstrateDefinition", tag: "substrate", "The file that describes it.",
      .who(may: .readSubstrate, to: .cloud), parameters: [.ifNoneMatch],
      answers: [.text("application/yaml", "The file.", tagged: true), .notModified]
    ) { call in
      let text = SubstrateWriter.text(call.view.substrate)
      return .now(Entity(type: "application/yaml", Array(text.utf8)).response(to: call.request))
    },
    Route(
      .get, "/v1/substrate/diagram", "drawSubstrate", tag: "substrate", "A picture of it.",
      .who(may: .readSubstrate, to: .cloud),
      parameters: [
        .query("format", .choice(["svg", "dot", "mermaid"]), "Of the picture; svg by itself."), .ifNoneMatch,
      ],
      answers: DiagramPicture.answers
    ) { call in
      let substrate = call.view.substrate
      return call.picture(of: "substrate", stamp: Int64(truncatingIfNeeded: substrate.hashValue)) { Diagram(substrate) }
    },
    Route(
      .get, "/v1/vlans", "listVLANs", tag: "substrate", "Which VLAN is whose at which site.",
      .who(may: .readVLANs, to: .cloud), parameters: [.limit, .after],
      answers: [.json("VLANRowPage", "A page of them, by site and number.")]
    ) { call in
      let rows = call.view.vlans.sorted { ($0.site, $0.vlan.rawValue) < ($1.site, $1.vlan.rawValue) }
      return .now(try Response(call.page(byPosition: rows)))
    },
  ]

  static let hosts: [Route] = [
    Route(
      .get, "/v1/hosts", "listHosts", tag: "hosts", "The hosts, what is free of them, and how they are.",
      .who(may: .readHosts, to: .cloud), parameters: [.limit, .after, .ifNoneMatch],
      answers: [.json("HostDocumentPage", "A page of them, by name.", tagged: true), .notModified]
    ) { call in
      let query = call.request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      let entity = try call.service.cache.entity(.init(route: call.route.id, object: query), stamp: call.moment) {
        let hosts = HostDocument.rows(of: call.view, call.view.use).sorted { $0.name < $1.name }
        return Entity(
          type: "application/json", try DocumentJSON.bytes(call.page(hosts) { $0.name.description }))
      }
      return .now(entity.response(to: call.request))
    },
    Route(
      .get, "/v1/hosts/{host}", "readHost", tag: "hosts", "One host.", .who(may: .readHosts, to: .cloud),
      answers: [.json("HostDocument", "It.")]
    ) { call in
      let name = try call.host()
      guard let host = HostDocument.rows(of: call.view, call.view.use).first(where: { $0.name == name }) else {
        throw Call.missing("host", call.captured)
      }
      return .now(try Response(host))
    },
    host("cordon", "cordonHost", "Give it no new nodes; those that are there stay.") { .cordon($0) },
    host("uncordon", "uncordonHost", "Give it nodes again.") { .uncordon($0) },
    host("drain", "drainHost", "Give it no new nodes, and move away those that can be.") { .drain($0) },
  ]

  private static func host(
    _ verb: String, _ id: String, _ summary: String, _ order: @escaping @Sendable (Name) -> Order
  ) -> Route {
    Route(
      .post, "/v1/hosts/{host}/\(verb)", id, tag: "hosts", summary, .who(may: .drainHost, to: .cloud),
      parameters: [.key, .prefer], answers: RouteAnswer.operation, problems: [409]
    ) { try $0.order(order(try $0.host())) }
  }
}

extension Call {
  /// The path's host. Throws `no-such-host`.
  func host() throws(Problem) -> Name {
    guard let name = Name(captured), view.substrate.hosts.contains(where: { $0.name == name }) else {
      throw Self.missing("host", captured)
    }
    return name
  }
}
