import API
import FoundationEssentials
import Quantities
import Synchronization
import WebClient

/// The controllers of a cloud: one is asked until it fails, then the next.
///
/// Safe from any thread. Whoever does not lead sends on to who does (307), which is followed.
final class ControllerCircle: Sendable {
  private struct State {
    var clients: [WebClient] = []
    var current = 0
  }
  private let state = Mutex(State())

  /// `addresses`: `https://…`, one at least.
  init(_ addresses: [String], _ tls: ClientTLS) throws { try use(addresses, tls) }

  /// Goes on with other addresses, or another certificate.
  func use(_ addresses: [String], _ tls: ClientTLS) throws {
    let clients = try addresses.map { address in
      try WebClient(base: Endpoint(address), tls: tls, limits: WebLimits(connect: .seconds(5), redirects: 4))
    }
    state.withLock { $0 = State(clients: clients) }
  }

  var count: Int { state.withLock { $0.clients.count } }

  /// Sends a request to the current controller.
  ///
  /// - Throws: What went wrong with the connection (the next controller's turn comes then), or the controller's answer
  ///   as a `Refusal`.
  func send(_ request: WebRequest, interrupt: Interrupt?) throws -> WebResponse {
    let (client, turn) = state.withLock { ($0.clients[$0.current], $0.current) }
    let response: WebResponse
    do {
      response = try client.send(request, interrupt: interrupt)
    } catch {
      if interrupt?.isFired != true { skip(turn) }
      throw error
    }
    if (200..<300).contains(response.status) { return response }
    // A controller that cannot serve now; everybody else means what they say.
    if response.status >= 500 || (300..<400).contains(response.status) { skip(turn) }
    throw Refusal(response, from: client.endpoint)
  }

  private func skip(_ turn: Int) {
    state.withLock { state in
      if state.current == turn, !state.clients.isEmpty { state.current = (turn + 1) % state.clients.count }
    }
  }
}

/// A controller answered, and not what was hoped for.
struct Refusal: Error, Sendable {
  var status: Int
  var problem: Problem
  /// Seconds to wait, where it said so.
  var retryAfter: Int?

  init(_ response: WebResponse, from endpoint: Endpoint) {
    status = response.status
    retryAfter = response.header("retry-after").flatMap { Int($0) }.map { max(0, min($0, 3600)) }
    if let document = try? JSONDecoder().decode(ProblemDocument.self, from: Data(response.body)) {
      let kind: Problem.Kind = status == 401 || status == 403 ? .notPermitted : status == 404 ? .notFound : .refused
      problem = Problem(kind, document.code, document.detail, remedy: document.remedy)
    } else {
      problem = Problem(
        .failed, "controller-answer", "Controller \(endpoint) answered with status \(response.status).",
        remedy: "Look at the controller's log; check that the address is a controller's.")
    }
  }

  /// The same request will not do better by being repeated.
  var isFinal: Bool { (400..<500).contains(status) && ![401, 403, 408, 425, 429].contains(status) }
}
