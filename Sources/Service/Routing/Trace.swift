import API
import Controller
import Identity
import Linux
import Quantities
import WebServer

/// What is kept of a request until its answer: for metrics, the access log and the audit log.
struct Trace: Sendable {
  private let request: Incoming
  private let service: ServiceCore
  private let began: UInt64

  init(_ request: Incoming, _ service: ServiceCore, began: UInt64) {
    (self.request, self.service, self.began) = (request, service, began)
  }

  /// Notes what came of it, and sends it.
  func finish(
    _ response: Response, _ call: Call?, _ error: (any Error)?, _ send: @Sendable (Response) -> Void
  ) {
    let response = response.completed(for: request)
    send(response)
    let nanoseconds = Clock.monotonic &- began
    let id = call?.route.id ?? "none"
    service.metrics.noteRequest(method: request.method, route: id, status: response.status, nanoseconds)
    service.log.note(
      AccessLog.Line(
        method: request.method, path: request.rawPath, route: id, status: response.status,
        user: call?.principal?.user.description, from: request.from, nanoseconds))
    guard let call, case .kept = call.route.audit else { return }
    note(response, call, error)
  }

  private func note(_ response: Response, _ call: Call, _ error: (any Error)?) {
    let problem = (error as? Problem) ?? (error as? Declined)?.problem
    let object = call.captures.map(\.excerpt).joined(separator: "/")
    let entry = AuditEntry(
      time: call.now, user: call.principal?.user.description ?? "",
      origin: call.principal?.origin.description ?? "nobody",
      address: request.from, action: call.route.id, object: object.isEmpty ? nil : object,
      outcome: problem?.code ?? (response.status < 400 ? "done" : "status-\(response.status)"))
    let log = service.log
    service.cloud.note(audit: entry) { log.say("cannot keep the audit log: \($0)") }
  }
}

extension Response {
  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// With the headers that every answer has.
  func completed(for request: Incoming) -> Response {
    var response = self
    response.headers.append(("X-Content-Type-Options", "nosniff"))
    if header("Cache-Control") == nil { response.headers.append(("Cache-Control", "no-cache")) }
    // What one user may see is not for another: caches on the way must not mix them up.
    if request.path.first == "v1" { response.headers.append(("Vary", "Authorization, Accept")) }
    return response
  }
}
