import API
import Controller
import Identity
import Linux
import Quantities
import WebServer

/// Leads each request to its route, and its answer back.
struct Router: Sendable {
  let routes: [Route]
  private let tree: RouteTree

  init(_ routes: [Route]) {
    self.routes = routes
    tree = RouteTree(routes)
  }

  /// Answers a request; `send` is called once, from any thread.
  func handle(_ request: Incoming, _ service: ServiceCore, send: @escaping @Sendable (Response) -> Void) {
    let trace = Trace(request, service, began: Clock.monotonic)
    do {
      let found = tree.find(request.path)
      let chosen = found.flatMap { Self.choose($0.0, request.method) }
      // Known before anything is refused, so that the log says who was.
      let known = Result { try service.identify(request, isNeeded: chosen?.access ?? .anybody) }
      if let refusal = service.meter.refusal(of: request, by: try? known.get()) {
        return trace.finish(refusal, nil, nil, send)
      }
      guard let (routes, captures) = found else { throw Self.noSuchPath(request) }
      guard let route = chosen else {
        return trace.finish(Self.answerWithoutRoute(routes, request), nil, nil, send)
      }
      let principal = try known.get()
      let call = Call(
        service: service, request: request, route: route, captures: captures, principal: principal,
        glance: Glance(service.cloud))
      try perform(call, trace, send)
    } catch {
      trace.finish(service.response(to: error), nil, nil, send)
    }
  }

  private func perform(_ call: Call, _ trace: Trace, _ send: @escaping @Sendable (Response) -> Void) throws {
    do {
      try Self.admit(call)
      if call.route.needsLeader, let elsewhere = try call.service.elsewhere(call.request) {
        return trace.finish(elsewhere, call, nil, send)
      }
      switch try call.route.perform(call) {
      case .now(let response): trace.finish(response, call, nil, send)
      case .later(let begin):
        begin { result in
          switch result {
          case .success(let response): trace.finish(response, call, nil, send)
          case .failure(let error): Self.fail(error, call, trace, send)
          }
        }
      }
    } catch {
      Self.fail(error, call, trace, send)
    }
  }

  private static func fail(
    _ error: any Error, _ call: Call, _ trace: Trace, _ send: @Sendable (Response) -> Void
  ) {
    trace.finish(call.service.response(to: error), call, error, send)
  }

  /// What every call must pass: the route's access, its parameters, its body's type.
  static func admit(_ call: Call) throws {
    try call.checkOrigin()
    try call.authorise()
    try call.checkParameters()
    try call.checkBody()
  }

  private static func choose(_ routes: [Route.Method: Route], _ method: String) -> Route? {
    // The web server leaves the body of an answer to HEAD out by itself.
    Route.Method(rawValue: method == "HEAD" ? "GET" : method).flatMap { routes[$0] }
  }

  private static func answerWithoutRoute(_ routes: [Route.Method: Route], _ request: Incoming) -> Response {
    var methods = Route.Method.allCases.filter { routes[$0] != nil }.map(\.rawValue)
    if routes[.get] != nil { methods.append("HEAD") }
    let allow = [("Allow", (methods + ["OPTIONS"]).joined(separator: ", "))]
    if request.method == "OPTIONS" { return Response(status: 204, headers: allow) }
    let problem = Problem(
      .invalid, "method-not-allowed", "'\(request.method.excerpt)' cannot be done to \(request.rawPath.excerpt).",
      remedy: "Use \(methods.joined(separator: " or ")).")
    return Response(ProblemDocument(problem), headers: allow)
  }

  private static func noSuchPath(_ request: Incoming) -> Problem {
    Problem(
      .notFound, "no-such-path", "There is nothing at \(request.rawPath.excerpt).",
      remedy: "See /v1/openapi.json for what there is.")
  }
}

extension Call {
  /// A browser shows a client certificate for whatever page asks: pages of others must not change anything by it.
  /// Throws `cross-origin`.
  func checkOrigin() throws(Problem) {
    guard route.method != .get, let origin = request.header("Origin") else { return }
    let place = origin.split(separator: "/", omittingEmptySubsequences: true)
    if place.count == 2, let host = request.header("Host"), place[1].lowercased() == host.lowercased() { return }
    throw Problem(
      .notPermitted, "cross-origin", "A page of '\(origin.excerpt)' may not change anything here.",
      remedy: "Use the service's own console, or a program.")
  }

  /// Query and headers as the route's table has them. Throws `unknown-parameter`, `repeated-parameter`,
  /// `bad-parameter`.
  func checkParameters() throws(Problem) {
    let known = route.parameters
    var seen: Set<String> = []
    for (name, value) in request.query {
      guard let parameter = known.first(where: { $0.place == .query && $0.name == name }) else {
        throw unknown(name, known.filter { $0.place == .query }.map(\.name))
      }
      guard seen.insert(name).inserted else {
        throw Problem(
          .invalid, "repeated-parameter", "The parameter '\(name)' is given twice.", remedy: "Give it once.")
      }
      try parameter.check(value)
    }
    for parameter in known where parameter.place == .header {
      if let value = request.header(parameter.name) { try parameter.check(value) }
    }
  }

  /// A parameter that is misspelt must not be passed over: `dryrun=true` would build something.
  private func unknown(_ name: String, _ known: [String]) -> Problem {
    let nearest = Nearest.name(to: name, among: known)
    let all = known.isEmpty ? "It takes none." : "It takes \(known.joined(separator: ", "))."
    return Problem(
      .invalid, "unknown-parameter", "The parameter '\(name.excerpt)' is not known here.",
      remedy: nearest.map { "Did you mean '\($0)'?" } ?? all)
  }

  /// Throws `unsupported-media-type`, `body-missing`, `body-unwanted`.
  func checkBody() throws(Problem) {
    guard let body = route.body else {
      guard request.body.isEmpty else {
        throw Problem(
          .invalid, "body-unwanted", "This takes no body, but one was sent.", remedy: "Send it without a body.")
      }
      return
    }
    guard !request.body.isEmpty else {
      guard body.isRequired else { return }
      throw Problem(
        .invalid, "body-missing", "The request has no body.",
        remedy: "Send one as \(body.types.map(\.type).joined(separator: " or ")).")
    }
    guard bodyType != nil else {
      throw Problem(
        .invalid, "unsupported-media-type",
        "The body is of type '\((request.header("Content-Type") ?? "").excerpt)'.",
        remedy: "Send \(body.types.map(\.type).joined(separator: " or ")).")
    }
  }

  /// The body's media type as the route's table calls it; nil where it is none of them.
  var bodyType: String? {
    guard let types = route.body?.types else { return nil }
    guard let given = request.header("Content-Type") else { return types.first?.type }
    let plain = given.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    let type = Self.otherNames[plain] ?? plain
    return types.first { $0.type == type }?.type
  }

  private static let otherNames = [
    "application/x-yaml": "application/yaml", "text/yaml": "application/yaml", "text/x-yaml": "application/yaml",
    "text/xml": "application/xml",
  ]
}
