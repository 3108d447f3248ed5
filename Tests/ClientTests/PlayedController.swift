import API
import FoundationEssentials
import Glibc
import Quantities
import Synchronization
import TestSupport
import WebClient
import WebServer

/// A controller that a test plays: it answers as it is told, and remembers what was asked.
final class PlayedController: Sendable {
  /// One request, as far as tests look at it.
  struct Asked: Hashable, Sendable {
    var method: String
    var path: String
    var key: String?
    var token: String?
  }

  typealias Play = @Sendable (_ asked: Asked, _ number: Int) -> Response?

  let path: String
  private let server: WebServer
  private let log: LoggedRequests

  /// Listens on a Unix socket; `play` gets each request with its number from 1, and nil drops the connection.
  init(at path: String = PlayedController.freshPath(), play: @escaping Play) throws {
    self.path = path
    let log = LoggedRequests()
    self.log = log
    server = try WebServer(listeners: [.unix(path: path, mode: 0o600)]) { request, reply in
      let asked = Asked(
        method: request.method, path: request.rawPath + Self.query(request), key: request.header("Idempotency-Key"),
        token: request.header("Authorization"))
      let number = log.add(asked)
      reply.send(play(asked, number) ?? Response(status: 503))
    }
  }

  static func freshPath() -> String { "/tmp/\(KernelTest.uniqueName()).socket" }

  private static func query(_ request: Request) -> String {
    request.query.isEmpty ? "" : "?" + request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  var asked: [Asked] { log.all }
  var endpoint: Endpoint { .unix(path) }
  func stop() { server.stop() }
}

/// Requests in their order.
final class LoggedRequests: Sendable {
  private let requests = Mutex<[PlayedController.Asked]>([])

  /// Adds one and gives its number.
  func add(_ asked: PlayedController.Asked) -> Int {
    requests.withLock {
      $0.append(asked)
      return $0.count
    }
  }

  var all: [PlayedController.Asked] { requests.withLock { $0 } }
}

/// Answers of a controller, as it would write them.
enum Answers {
  static func json(_ text: String, status: Int = 200) -> Response {
    Response(status: status, headers: [("Content-Type", "application/json")], body: Array(text.utf8))
  }

  static func operation(_ state: String, version: Int = 1, problem: String? = nil) -> Response {
    let problem = problem.map { ",\"problem\":\($0)" } ?? ""
    return json(
      """
      {"id":"op-1","kind":"build","target":"lab","user":"root","state":"\(state)","created":"2026-11-21T08:00:00Z",\
      "progress":{"title":"building","done":\(version),"total":9},"version":\(version),"warnings":[],"results":[]\
      \(problem)}
      """, status: 202)
  }

  static func problem(_ status: Int, _ code: String, offers: String? = nil, wait: Int? = nil) -> Response {
    let offers = offers.map { ",\"offers\":\($0)" } ?? ""
    var response = json(
      """
      {"type":"about:blank","title":"t","status":\(status),"code":"\(code)","detail":"It is so.",\
      "remedy":"Do otherwise."\(offers)}
      """, status: status)
    if let wait { response.headers.append(("Retry-After", "\(wait)")) }
    return response
  }

  static let offer = """
    [{"number":1,"name":"lab","kind":"later","difference":"starts later","start":"2026-11-21T09:00:00Z",\
    "distance":0.5,"expires":"2026-11-21T08:10:00Z"}]
    """
}
