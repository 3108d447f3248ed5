import API
import Controller
import Identity
import Infrastructure
import Machines
import Planning
import Quantities
import WebServer

/// Shells in machines.
extension AllRoutes {
  static let terminals: [Route] = [
    Route(
      .post, "/v1/infrastructures/{name}/nodes/{node}/terminals", "openTerminal", tag: "terminals",
      "Run a program in a node, in a terminal of its own.", .who(may: .openTerminal, to: .infrastructure),
      body: .json("TerminalRequest"),
      answers: [
        RouteAnswer(
          status: 201, summary: "It is open.", types: [("application/json", .ref("TerminalDocument"))],
          headers: ["Location": .string])
      ], problems: [409, 429]
    ) { call in
      let request = try call.document(TerminalRequest.self)
      let place = try call.place(request)
      if let host = place.host { return try call.openRemoteTerminal(request, place, on: host) }
      return call.work { try call.openTerminal(request, place) }
    },
    Route(
      .get, "/v1/terminals/{id}/output", "readTerminal", tag: "terminals",
      "What it says, as server-sent events: `data` in base64, at the end `event: exit` with the program's status.",
      .who(may: .openTerminal, to: .terminal),
      answers: [.text("text/event-stream", "The stream.")]
    ) { call in
      let session = try call.session()
      let stream = EventStream()
      session.attach(stream)
      call.service.feeds.add(stream)
      return .now(Response(status: 200, headers: [("Content-Type", "text/event-stream")], body: stream))
    },
    Route(
      .post, "/v1/terminals/{id}/input", "typeIntoTerminal", tag: "terminals", "Type into it.",
      .who(may: .openTerminal, to: .terminal),
      body: RouteBody(types: [("application/octet-stream", .string)]), answers: [.empty(204, "It is typed.")],
      audit: Route.Audit.none, needsLeader: false
    ) { call in
      let session = try call.session()
      return call.work {
        try session.type(call.request.body)
        return .noContent
      }
    },
    Route(
      .put, "/v1/terminals/{id}/size", "resizeTerminal", tag: "terminals", "Tell it how large it is.",
      .who(may: .openTerminal, to: .terminal), body: .json("TerminalSize"),
      answers: [.empty(204, "It knows.")], audit: Route.Audit.none, needsLeader: false
    ) { call in
      let size = try call.document(TerminalSize.self)
      try call.check(columns: size.columns, rows: size.rows)
      try call.session().resize(size)
      return .now(.noContent)
    },
    Route(
      .delete, "/v1/terminals/{id}", "closeTerminal", tag: "terminals", "Hang up.",
      .who(may: .openTerminal, to: .terminal), answers: [.empty(204, "It ends.")], needsLeader: false
    ) { call in
      try call.session().end()
      return .now(.noContent)
    },
  ]
}

extension Call {
  /// Where a terminal is to be opened.
  fileprivate struct Place: Sendable {
    var record: InfrastructureRecord
    var node: Node
    var process: Int32
    /// Whose agent opens it; nil is this controller's own.
    var host: Name?
  }

  fileprivate func session() throws(Problem) -> TerminalSession {
    guard let session = service.terminals.session(captured) else { throw Self.missing("terminal", captured) }
    return session
  }

  fileprivate func check(columns: Int, rows: Int) throws(Problem) {
    guard (1...1000).contains(columns), (1...1000).contains(rows) else {
      throw Problem(
        .invalid, "bad-body", "A terminal cannot have \(columns) columns and \(rows) rows.",
        remedy: "Give 1 to 1000 of each.")
    }
  }

  fileprivate func place(_ request: TerminalRequest) throws -> Place {
    try check(columns: request.columns ?? 80, rows: request.rows ?? 24)
    let arguments = request.command ?? []
    guard arguments.count <= 256, !arguments.contains(where: { $0.utf8.contains(0) || $0.utf8.count > 65536 }) else {
      throw Problem(
        .invalid, "bad-body", "The command has more than 256 words, or one that no program can be given.",
        remedy: "Give a program and its arguments.")
    }
    let record = try record()
    guard let node = record.admission.infrastructure.nodes.first(where: { $0.name.description == captures.last }) else {
      let known = record.admission.infrastructure.nodes.map(\.name.description).joined(separator: ", ")
      throw Problem(
        .notFound, "no-such-node", "Infrastructure \(record.name) has no node '\(captures.last?.excerpt ?? "")'.",
        remedy: "Its nodes are: \(known).")
    }
    let host = record.admission.embedding.placement[node.name].flatMap { view.isRemote($0) ? $0 : nil }
    if let host, reach(of: host) == .older {
      throw Problem(
        .refused, "terminal-not-here", "Node \(node.name) runs on host \(host), whose agent is too old to open it.",
        remedy: "Install this version of virtcloud on \(host).")
    }
    guard let process = try view.infrastructure(record.name)?.running[node.name] else {
      throw Problem(
        .failed, "node-not-running", "Node \(node.name) of \(record.name) is not running.",
        remedy: "Wait until it runs, or start it anew: 'virtcloud retry \(record.name)'.")
    }
    if let host, reach(of: host) == .silent { throw ErrandDesk.silent(host) }
    return Place(record: record, node: node, process: process, host: host)
  }

  /// Has the agent of the node's host open it.
  fileprivate func openRemoteTerminal(_ request: TerminalRequest, _ place: Place, on host: Name) throws -> Outcome {
    guard let principal else { throw Self.unauthenticated }
    try service.terminals.checkRoom(for: principal.user)
    let line = service.lines.open(on: host, service.timers, patience: service.settings.errands.silence)
    let errand = Errand(
      id: line.id, .terminal, number: place.record.admission.number,
      terminal: TerminalErrand(
        machine: place.record.admission.machineKey(of: place.node), columns: request.columns ?? 80,
        rows: request.rows ?? 24, command: Self.command(request)))
    return .later { send in
      service.errands.ask(host, errand, seconds: service.settings.errands.opening) { result in
        switch result {
        case .failure(let problem):
          line.end()
          send(.failure(problem))
        case .success:
          service.workers.submit {
            send(Result { try begin(line, line.id, place, for: principal) })
          } orRefuse: {
            line.end()
            send(.failure($0))
          }
        }
      }
    }
  }

  private static func command(_ request: TerminalRequest) -> [String] {
    request.command.flatMap { $0.isEmpty ? nil : $0 } ?? ["/bin/sh", "-l"]
  }

  fileprivate func openTerminal(_ request: TerminalRequest, _ place: Place) throws -> Response {
    guard let principal else { throw Self.unauthenticated }
    try service.terminals.checkRoom(for: principal.user)
    let installation = service.cloud.installation
    let driver = try MachineDriver(
      cgroupFolder: installation.realm.cgroupFolder, runFolder: installation.runDirectory)
    let terminal = try driver.openTerminal(
      machine: place.record.admission.machineKey(of: place.node), infrastructure: place.record.admission.number,
      process: place.process, hostname: place.node.name.description, arguments: Self.command(request),
      columns: UInt16(clamping: request.columns ?? 80), rows: UInt16(clamping: request.rows ?? 24))
    return try begin(terminal, ErrandDesk.makeID(), place, for: principal)
  }

  /// Keeps what is open, and tells of it.
  private func begin(
    _ terminal: any TerminalLine, _ id: String, _ place: Place, for principal: Principal
  ) throws -> Response {
    let session = TerminalSession(
      terminal, id: id, owner: principal.user, infrastructure: place.record.name, node: place.node.name, at: now)
    try service.terminals.add(session)
    return try Response(
      TerminalDocument(
        id: id, infrastructure: session.infrastructure, node: session.node, created: now,
        idleSeconds: service.terminals.idleSeconds),
      status: 201, headers: [("Location", "/v1/terminals/\(id)"), ("Cache-Control", "no-store")])
  }
}
