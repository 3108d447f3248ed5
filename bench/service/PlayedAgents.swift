import API
import Cryptography
import Dispatch
import Foundation
import Identity
import Infrastructure
import Languages
import Planning
import Quantities
import Synchronization
import WebClient

import enum WebClient.Endpoint

/// Agents that fetch plans by long poll, each with a certificate of its own, and say at once that all of it runs.
final class PlayedAgents: Sendable {
  struct State: Sendable {
    var polls = 0
    var failures = 0
    var lastFailure = ""
    var isStopped = false
    /// What is waited for, and when each host was given it.
    var awaited: Name?
    var arrivals: [Name: ContinuousClock.Instant] = [:]
  }

  private let hosts: [Name]
  private let controller: Endpoint
  private let authority: ClientTLS.Authority
  private let token: String
  private let pool: WebClientPool
  private let identities = Mutex<[Name: ClientTLS]>([:])
  private let shared = Mutex(State())
  /// Plans are read here, so that reading one keeps no other from arriving.
  private let desk = DispatchQueue(label: "agents")

  init(_ hosts: [Name], controller: String, token: String, authority: String) throws {
    self.hosts = hosts
    self.controller = try Endpoint(controller)
    self.authority = .pem(authority)
    self.token = token
    pool = try WebClientPool()
  }

  var state: State { shared.withLock { $0 } }

  func stop() {
    shared.withLock { $0.isStopped = true }
    pool.close()
  }

  /// Gets each host a certificate by a one-time token, as `virtcloud agent` does.
  func enrol() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for start in 0..<16 {
        group.addTask {
          for index in stride(from: start, to: self.hosts.count, by: 16) { try await self.enrol(self.hosts[index]) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func enrol(_ host: Name) async throws {
    let grant: EnrolmentGrant = try await ask("POST", "/v1/enrolments", json: EnrolmentOrder(host: host))
    let key = try PrivateKey.make()
    let answer: EnrolmentAnswer = try await ask(
      "POST", "/v1/agents/enrol",
      json: EnrolmentRequest(
        host: host, token: grant.token,
        signingRequest: CertificateRequest.make(for: key, commonName: host.description).pem,
        protocolVersion: AgentProtocol.version, version: "bench"))
    let tls = ClientTLS(authority: authority, identity: .pem(certificate: answer.certificate, key: try key.pem()))
    identities.withLock { $0[host] = tls }
  }

  /// They come within ten seconds: each handshake takes the controller more than a millisecond.
  func start() {
    for (number, host) in hosts.enumerated() {
      desk.asyncAfter(deadline: .now() + 10 * Double(number) / Double(hosts.count)) {
        self.poll(host, after: 0)
        self.pollErrands(host)
      }
    }
  }

  private func poll(_ host: Name, after generation: UInt64) {
    guard !state.isStopped else { return }
    let request = WebRequest(
      "GET", "/v1/agents/\(host)/plans?after=\(generation)&wait=10", headers: Self.headers, timeout: .seconds(60))
    pool.send(request, to: controller, tls: identities.withLock { $0[host] }) { [self] outcome in
      let now = ContinuousClock.now
      shared.withLock { $0.polls += 1 }
      desk.async { self.take(outcome, host, generation, at: now) }
    }
  }

  /// As agents do beside their polls for plans; nothing is wanted of these.
  private func pollErrands(_ host: Name) {
    guard !state.isStopped else { return }
    let request = WebRequest(
      "GET", "/v1/agents/\(host)/errands?life=bench&wait=60", headers: Self.headers, timeout: .seconds(90))
    pool.send(request, to: controller, tls: identities.withLock { $0[host] }) { [self] outcome in
      if case .success(let answer) = outcome, answer.status == 200 { return pollErrands(host) }
      guard !state.isStopped else { return }
      fail(Result { try Self.fault(outcome.get()) }.either)
      desk.asyncAfter(deadline: .now() + 1) { self.pollErrands(host) }
    }
  }

  private static let headers = [
    WebHeader("VirtCloud-Agent-Version", "bench"), WebHeader("VirtCloud-Agent-Protocol", "\(AgentProtocol.version)"),
  ]

  private func take(
    _ outcome: WebClientPool.Outcome, _ host: Name, _ generation: UInt64, at time: ContinuousClock.Instant
  ) {
    do {
      let answer = try outcome.get()
      guard answer.status == 200 else { throw Self.fault(answer) }
      let document = try JSONDecoder().decode(PlansDocument.self, from: Data(answer.body))
      guard let plans = document.plans else { return poll(host, after: generation) }
      let slices = plans.flatMap(\.slices)
      shared.withLock { state in
        if let awaited = state.awaited, slices.contains(where: { $0.infrastructure == awaited }) {
          state.arrivals[host] = state.arrivals[host] ?? time
        }
      }
      report(host, document.generation, slices)
    } catch {
      guard !state.isStopped else { return }
      fail(error)
      desk.asyncAfter(deadline: .now() + 1) { self.poll(host, after: generation) }
    }
  }

  private func fail(_ error: any Error) {
    shared.withLock { state in
      state.failures += 1
      state.lastFailure = (error as? Problem)?.message ?? "\(error)"
    }
  }

  /// Reports, and polls again when that is noted: by the same connection.
  private func report(_ host: Name, _ generation: UInt64, _ slices: [SlicePlan]) {
    let running = Dictionary(
      slices.map { slice in ("\(slice.number)", Dictionary(slice.machines.map { ($0.key, Int32(2)) }) { $1 }) }
    ) { $1 }
    let report = AgentReport(host: host, generation: generation, running: running)
    let request: WebRequest
    do { request = try Self.request("POST", "/v1/agents/\(host)/reports", json: report, Self.headers) } catch {
      return fail(error)
    }
    pool.send(request, to: controller, tls: identities.withLock { $0[host] }) { [self] outcome in
      defer { poll(host, after: generation) }
      if case .success(let answer) = outcome, answer.status == 204 { return }
      if !state.isStopped { fail(Result { try Self.fault(outcome.get()) }.either) }
    }
  }
}

extension PlayedAgents {
  /// Begins to wait for plans of an infrastructure.
  func await(_ name: Name) { shared.withLock { ($0.awaited, $0.arrivals) = (name, [:]) } }

  /// Waits until it is so. Throws `never-so`.
  func until(seconds: Int, _ isSo: (State) -> Bool) async throws {
    for _ in 0..<seconds * 50 {
      if isSo(state) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    let state = state
    throw Problem(
      .failed, "never-so",
      "After \(seconds) s: \(state.polls) polls, \(state.arrivals.count) arrivals, \(state.failures) failures.",
      remedy: state.lastFailure)
  }

  func build(_ request: VirtualInfrastructure) async throws -> OperationDocument {
    try await ask(
      WebRequest(
        "PUT", "/v1/infrastructures/\(request.name)",
        headers: bearer + [WebHeader("Content-Type", "application/yaml")],
        body: Array(InfrastructureWriter.text(request).utf8), timeout: .seconds(60)))
  }

  func end(_ name: Name) async throws -> OperationDocument {
    try await ask(WebRequest("DELETE", "/v1/infrastructures/\(name)", headers: bearer, timeout: .seconds(60)))
  }

  /// Waits for the end of an operation.
  func finish(_ operation: OperationDocument) async throws {
    var operation = operation
    let start = ContinuousClock.now
    while operation.state == .running, elapsed(since: start) < 60 {
      let path = "/v1/operations/\(operation.id)?after=\(operation.version)&wait=10"
      operation = try await ask(WebRequest("GET", path, headers: bearer, timeout: .seconds(60)))
    }
    guard operation.state == .done else {
      throw Problem(.failed, "not-done", "\(operation.id) is \(operation.state).", remedy: "\(operation)")
    }
  }

  private var bearer: [WebHeader] { [WebHeader("Authorization", "Bearer \(token)")] }

  private func ask<Answer: Decodable>(_ method: String, _ path: String, json: some Encodable) async throws -> Answer {
    try await ask(Self.request(method, path, json: json, bearer))
  }

  private func ask<Answer: Decodable>(_ request: WebRequest) async throws -> Answer {
    let answer = try await pool.response(request, from: controller, tls: ClientTLS(authority: authority))
    guard (200..<300).contains(answer.status) else { throw Self.fault(answer) }
    return try JSONDecoder().decode(Answer.self, from: Data(answer.body))
  }

  private static func request(
    _ method: String, _ path: String, json: some Encodable, _ headers: [WebHeader]
  ) throws -> WebRequest {
    WebRequest(
      method, path, headers: headers + [WebHeader("Content-Type", "application/json")],
      body: [UInt8](try JSONEncoder().encode(json)), timeout: .seconds(60))
  }

  private static func fault(_ answer: WebResponse) -> Problem {
    Problem(.failed, "answer", "\(answer.status): \(answer.text.prefix(300))", remedy: "See the controller's log.")
  }
}

extension Result where Success == Problem {
  fileprivate var either: any Error {
    switch self {
    case .success(let problem): problem
    case .failure(let error): error
    }
  }
}
