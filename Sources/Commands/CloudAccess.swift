import Client
import Controller
import Glibc
import Quantities
import WebClient

/// Where a cloud is, and who asks.
struct CloudAccess: Sendable {
  var state: String?
  /// Empty is this machine's.
  var controllers: [String] = []
  var token: String?
  var tokenFile: String?
  var certificate: String?
  var key: String?
  var authority: String?

  /// The controllers are elsewhere, or named as if they were.
  var isRemote: Bool { !controllers.isEmpty }

  func installation() throws -> Installation { try Installation(stateDirectory: state) }

  /// A client for work.
  ///
  /// - Parameters:
  ///   - purpose: What only root can do without a running service, for the problem's text.
  ///   - autostart: Start this machine's service where none runs.
  ///   - say: Told what the user should know.
  /// - Throws: `Problem`: `not-root`, `no-controller`, what kept the service from starting.
  func client(
    for purpose: String, autostart: Bool, say: (String) -> Void = { _ in }
  ) throws -> CloudClient {
    if isRemote { return try remote() }
    let local = LocalService(try installation())
    let startsIt = autostart && geteuid() == 0
    let client = try local.client { try startsIt && local.start() }
    do {
      let service = try client.service()
      guard service.version != Version.current else { return client }
      try local.replace(service.version, say: say)
      return client
    } catch let problem as Problem where problem.code == "server-refused" {
      try Installation.requireRoot(for: purpose)
      throw Problem(
        .failed, "no-controller", "No service answers at \(local.socketPath).",
        remedy: "Start one with 'virtcloud serve --local', or leave VIRTCLOUD_AUTOSTART out.")
    }
  }

  /// Who answers questions: the controller where one answers, else what is stored; nothing is started for them.
  func reader() throws -> any CloudReading {
    if isRemote { return try remote() }
    let installation = try installation()
    return try LocalService(installation).running() ?? StoredCloud(installation: installation)
  }

  private func remote() throws -> CloudClient {
    let endpoints = try controllers.flatMap { $0.split(separator: ",") }.map { try Endpoint(String($0)) }
    guard !endpoints.isEmpty else { throw Endpoint.noAddress }
    return try CloudClient(endpoints, credentials: try credentials())
  }

  private func credentials() throws -> Credentials {
    guard (certificate == nil) == (key == nil) else {
      throw Problem(
        .invalid, "half-identity", "A certificate and its key come together, but only one of them was given.",
        remedy: "Give both '--certificate' and '--key'.")
    }
    var tls = ClientTLS()
    if let authority { tls.authority = .file(authority) }
    if let certificate, let key { tls.identity = .files(certificate: certificate, key: key) }
    return Credentials(token: try token ?? TokenFile.read(tokenFile), tls: tls)
  }
}

extension Endpoint {
  fileprivate static var noAddress: Problem {
    Problem(.invalid, "no-address", "No controller was named.", remedy: "Write --controller https://HOST:7743.")
  }
}
