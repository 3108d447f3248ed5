import API
import Controller
import Quantities
import WebServer

/// What a controller answers that does not lead: where the leader is.
struct Standby: Sendable {
  let settings: ServiceSettings
  let now: @Sendable () -> Timestamp = { .now }

  /// The answer to any request: it knows nothing of the cloud, so that nobody is told what is not true any more.
  func answer(_ request: Incoming) -> Response {
    let leadership = settings.leadership()
    do {
      switch request.rawPath {
      case "/healthz": return Self.fine
      case "/readyz" where leadership.leader != nil: return Self.fine
      case "/v1":
        return try Response(
          ServiceDocument(
            version: settings.version, isLeader: false, leader: leadership.leader, time: now(),
            substrate: ThisMachine.name))
      default: return try Self.elsewhere(request, leadership)
      }
    } catch {
      let problem =
        error as? Problem ?? Problem(.failed, "internal", "\(error)", remedy: "See the controller's log.")
      return Response(ProblemDocument(problem), headers: [("Retry-After", "1")])
    }
  }

  /// The same request of the leader. Throws `no-leader`.
  static func elsewhere(_ request: Incoming, _ leadership: ServiceSettings.Leadership) throws(Problem) -> Response {
    guard let leader = leadership.leader else {
      throw Problem(
        .failed, "no-leader", "No controller leads now.", remedy: "Try again in a few seconds: one will be chosen.")
    }
    let query = request.query.map { "\(URLText.encoded($0.name))=\(URLText.encoded($0.value))" }
    let target = request.rawPath + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    return Response(status: 307, headers: [("Location", leader + target)])
  }

  private static let fine = Response(
    status: 200, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array("ok\n".utf8))
}
