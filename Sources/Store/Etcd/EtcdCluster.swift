import FoundationEssentials
import Quantities
import Synchronization
import WebClient

/// The members of one etcd cluster, asked one after the other until one answers.
///
/// Safe to use from any thread. A member that answers for another cluster, or not as etcd does, is never used.
public final class EtcdCluster: Sendable {
  /// What etcd answered where it did not do what was asked.
  struct Refusal: Error {
    var code: Int
    var message: String
  }
  /// No member gave an answer in time.
  struct NoAnswer: Error {
    var problem: Problem
    /// False where no member can have received the request.
    var mayBeDone: Bool
  }

  /// The members' client URLs.
  public let endpoints: [Endpoint]
  private struct State {
    /// The member that answered last.
    var current = 0
    var clusterID: String?
    /// Members whose cluster is known since they failed last.
    var verified: Set<Int> = []
  }
  private let clients: [WebClient]
  private let state = Mutex(State())

  /// Finds a member that answers, within about `patience`. Throws `Problem`: `etcd-unreachable`, `etcd-foreign`,
  /// `etcd-other-cluster`, `endpoint-invalid`.
  public init(endpoints: [Endpoint], tls: ClientTLS? = nil, patience: Duration = .seconds(5)) throws {
    self.endpoints = endpoints
    let limits = WebLimits(connect: .seconds(1), responseBytes: 256 << 20)
    clients = try endpoints.map { try WebClient(base: $0, tls: tls, limits: limits) }
    let end = ContinuousClock.now + patience
    while true {
      do {
        let _: Etcd.RangeAnswer = try call("/v3/kv/range", Etcd.Range([0], limit: 1))
        return
      } catch let failure as NoAnswer {
        // etcd refuses while it elects; anything that does not listen at all is told at once.
        if !failure.mayBeDone || ContinuousClock.now > end { throw failure.problem }
        Pause.sleep(milliseconds: 100)
      }
    }
  }

  /// Asks one member after the other, each for at most `timeout`; what is asked must do no harm when done twice.
  ///
  /// Throws `Refusal`, `NoAnswer` or `Problem` (a member is not what it should be).
  func call<Answer: EtcdAnswer>(
    _ path: String, _ request: some Encodable, timeout: Duration = .seconds(2), interrupt: Interrupt? = nil
  ) throws -> Answer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let body = [UInt8](try encoder.encode(request))
    let first = state.withLock { $0.current }
    var reasons: [String] = []
    var mayBeDone = false
    var wrong: Problem?
    for step in clients.indices {
      let index = (first + step) % clients.count
      do {
        if !state.withLock({ $0.verified.contains(index) }) {
          let _: Etcd.Plain = try ask(index, "/v3/maintenance/status", Array("{}".utf8), timeout, interrupt)
        }
        let answer: Answer = try ask(index, path, body, timeout, interrupt)
        state.withLock { $0.current = index }
        return answer
      } catch let failure as NoAnswer {
        forget(index)
        reasons.append(failure.problem.message)
        mayBeDone = mayBeDone || failure.mayBeDone
        if interrupt?.isFired == true { break }
      } catch let problem as Problem {
        // Not what it should be: another may answer for it.
        wrong = wrong ?? problem
      }
    }
    if let wrong, !mayBeDone { throw wrong }
    throw NoAnswer(problem: EtcdProblem.unreachable(endpoints, reasons), mayBeDone: mayBeDone)
  }

  private func ask<Answer: EtcdAnswer>(
    _ index: Int, _ path: String, _ body: [UInt8], _ timeout: Duration, _ interrupt: Interrupt?
  ) throws -> Answer {
    let response: WebResponse
    do {
      response = try clients[index].send("POST", path, body: body, timeout: timeout, interrupt: interrupt)
    } catch let problem as Problem {
      throw NoAnswer(problem: problem, mayBeDone: !Self.neverArrived.contains(problem.code))
    }
    guard response.status == 200 else { throw Self.refusal(response, endpoints[index]) }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)),
      let cluster = answer.header?.clusterID
    else {
      forget(index)
      throw EtcdProblem.notEtcd(endpoints[index], "POST \(path) gave no answer of etcd's")
    }
    try verify(index, cluster)
    return answer
  }

  private static let neverArrived: Set<String> = [
    "server-refused", "server-unreachable", "server-unknown-host", "server-tls", "server-certificate-expired",
    "server-certificate-untrusted", "server-certificate-wrong-host", "server-not-permitted", "tls-files-unusable",
  ]

  private static func refusal(_ response: WebResponse, _ endpoint: Endpoint) -> any Error {
    guard let refusal = try? JSONDecoder().decode(Etcd.Refusal.self, from: Data(response.body)), let code = refusal.code
    else { return EtcdProblem.notEtcd(endpoint, "it answers with status \(response.status)") }
    let message = refusal.message ?? refusal.error ?? "code \(code)"
    // DEADLINE_EXCEEDED, ABORTED and UNAVAILABLE: no leader, a leader that changed, a time-out; the outcome is open.
    if code == 4 || code == 10 || code == 14 {
      let problem = Problem(
        .failed, "etcd-unavailable", "'\(endpoint)' cannot answer now: \(message).", remedy: "Look at etcd's log.")
      return NoAnswer(problem: problem, mayBeDone: true)
    }
    return Refusal(code: code, message: message)
  }

  private func verify(_ index: Int, _ cluster: String) throws {
    let known = state.withLock { state in
      let known = state.clusterID ?? cluster
      state.clusterID = known
      if known == cluster { state.verified.insert(index) } else { state.verified.remove(index) }
      return known
    }
    if known != cluster { throw EtcdProblem.otherCluster(endpoints[index], found: cluster, known: known) }
  }

  private func forget(_ index: Int) {
    state.withLock { _ = $0.verified.remove(index) }
  }

  /// Watches a key and calls `onEvent` at the beginning and with each change; returns when the stream ended.
  func watch(_ key: [UInt8], interrupt: Interrupt, onEvent: @escaping () -> Void) throws {
    let body = [UInt8](try JSONEncoder().encode(Etcd.Watch(createRequest: .init(key: Data(key)))))
    let index = state.withLock { $0.current }
    let request = WebRequest("POST", "/v3/watch", body: body, timeout: .seconds(60))
    _ = try clients[index].stream(request, interrupt: interrupt) { _ in
      onEvent()
      return true
    }
  }
}

extension EtcdCluster {
  func range(_ request: Etcd.Range) throws -> Etcd.RangeAnswer {
    try call("/v3/kv/range", request, timeout: .seconds(10))
  }

  func transaction(
    _ compare: [Etcd.Compare], _ success: [Etcd.Operation], else failure: [Etcd.Operation] = [],
    timeout: Duration = .seconds(2)
  ) throws -> Etcd.TransactionAnswer {
    try call(
      "/v3/kv/txn", Etcd.Transaction(compare: compare, success: success, failure: failure), timeout: timeout)
  }
}
