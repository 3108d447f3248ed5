import Controller
import Glibc
import Languages
import Linux
import Quantities
import Store
import Synchronization
import WebClient
import WebServer

/// One of several controllers: all of them keep their state in etcd, and one leads.
final class ControllerSeat: Sendable {
  let store: EtcdStore
  private let leadership: EtcdLeadership
  private let hasLed = Atomic<Bool>(false)

  /// Becomes a candidate. Throws a `Problem` where etcd is not there.
  init(_ etcd: ServiceConfiguration.EtcdStore, candidate: Leader) throws {
    var tls = ClientTLS()
    if let authority = etcd.authority { tls.authority = .file(authority) }
    if let identity = etcd.identity { tls.identity = .files(certificate: identity.certificate, key: identity.key) }
    let cluster = try EtcdCluster(endpoints: etcd.endpoints.map { try Endpoint($0) }, tls: tls)
    let prefix = etcd.prefix.hasSuffix("/") ? String(etcd.prefix.dropLast()) : etcd.prefix
    leadership = try EtcdLeadership(cluster: cluster, prefix: prefix, candidate: candidate)
    store = try EtcdStore(cluster: cluster, prefix: prefix, leadership: leadership)
  }

  /// Answers with where the leader is until this one leads; false where a signal ended it before.
  func standBy(_ plan: ServicePlan, _ signals: ServiceSignals, _ manager: ServiceManager) throws -> Bool {
    if leadership.waitUntilLeader(.seconds(1)) { return true }
    let server = try WebServer(listeners: plan.settings.listeners, limits: plan.settings.limits) { request, reply in
      reply.send(Self.answer(request, self.leadership.leader))
    }
    defer { server.stop() }
    try manager.ready(status: "standing by")
    while !leadership.isLeader {
      if try signals.wait(milliseconds: 20) == .end { return false }
      if manager.watchdogInterval != nil { try manager.alive() }
    }
    return true
  }

  /// Leads from now on; whoever loses that must end, for another may have begun.
  func lead() {
    leadership.onChange { [weak self] isLeader, _ in
      guard let self else { return }
      if isLeader { hasLed.store(true, ordering: .relaxed) }
      if !isLeader, hasLed.load(ordering: .relaxed) { ServiceSignals.end() }
    }
  }

  /// Nil where it leads still; the problem with which the process ends where it does not.
  var loss: Problem? {
    if leadership.isLeader { return nil }
    return Problem(
      .failed, "leadership-lost", "Another controller leads now, or etcd cannot be reached.",
      remedy: "Start this one again: it stands by then.")
  }

  /// Lets another take over at once.
  func resign() { leadership.resign() }

  private static func answer(_ request: Request, _ leader: Leader?) -> Response {
    if request.rawPath == "/healthz" { return Response(status: 200, body: Array("ok\n".utf8)) }
    guard let leader else {
      return Response(
        status: 503,
        problem: Problem(
          .failed, "no-leader", "No controller leads now.", remedy: "Try again in a few seconds: one will be chosen."),
        headers: [("Retry-After", "1")])
    }
    if request.rawPath == "/readyz" { return Response(status: 200, body: Array("ok\n".utf8)) }
    return Response(status: 307, headers: [("Location", leader.url + target(of: request))])
  }

  /// Path and query as they came, as far as anybody can tell the difference.
  private static func target(of request: Request) -> String {
    let query = request.query.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    return request.rawPath + (query.isEmpty ? "" : "?" + query)
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || "-._~".utf8.contains(byte)
        ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
