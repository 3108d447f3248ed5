import API
import Agent
import Controller
import Cryptography
import FoundationEssentials
import Glibc
import Identity
import Infrastructure
import Linux
import Planning
import Quantities
import WebServer

@testable import Service

/// A cloud of two sites whose hosts have agents that the test plays, with its service but no web server: requests are
/// handed to the router. No kernel is touched.
final class Fixture: Sendable {
  let folder: String
  let cloud: Cloud
  let core: ServiceCore
  let authority: CertificateAuthority
  let hosts: [Name]

  /// Who asks, by name; the numbers are of no local account.
  static let users: [String: UInt32] = [
    "root": 0, "operator": 61001, "ann": 61002, "bob": 61003, "viewer": 61004, "stranger": 61005,
  ]

  init(
    stop: (@Sendable () -> Void)? = nil, clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic },
    adjust: (inout ServiceSettings) -> Void = { _ in }
  ) async throws {
    var template = Array("/var/tmp/vct-service-XXXXXX".utf8CString)
    folder = String(cString: mkdtemp(&template))
    var engine = Cloud.Settings()
    (engine.hasLocalAgent, engine.expectsAgents) = (false, true)
    cloud = try Cloud(Installation(stateDirectory: folder), settings: engine)
    authority = try CertificateAuthority.make(name: "test", at: .now)
    var settings = try Self.settings(authority)
    settings.stop = stop
    adjust(&settings)
    core = try ServiceCore(cloud, settings, clock: clock)
    let substrate = try Self.substrate()
    hosts = substrate.hosts.map(\.name)
    cloud.start()
    _ = try await cloud.submit(.applySubstrate(substrate), by: Caller(user: "root"))
  }

  static func settings(_ authority: CertificateAuthority) throws -> ServiceSettings {
    var access = AccessSettings(localRole: nil)
    func user(_ name: String) throws -> Member { try Member(parsing: "uid-\(users[name] ?? 0)") }
    access.roles = [
      try user("operator"): .operator, try user("ann"): .user, try user("bob"): .user, try user("viewer"): .viewer,
    ]
    var settings = ServiceSettings()
    settings.access = access
    settings.log = .none
    settings.version = "1.2.3"
    let verifier = try CertificateVerifier(authorities: [authority.certificatePEM()])
    settings.verifier = { verifier }
    settings.hostAuthority = authority
    return settings
  }

  static func substrate() throws -> Substrate {
    let sites = try ["brno", "prague"].map { Site(name: try Name(parsing: $0), vlans: try VLANSet(parsing: "100-199")) }
    let hosts = try sites.map { site in
      Host(
        name: try Name(parsing: "\(site.name)-1"), site: site.name, kind: .real, cpu: Cores(thousandths: 4000),
        memory: ByteCount(bytes: 64 << 30), uplink: Bitrate(bitsPerSecond: 10_000_000_000), trunk: "eth1")
    }
    return Substrate(
      name: try Name(parsing: "grid"), sites: sites, hosts: hosts,
      links: [CoreLink(ends: Pair(sites[0].name, sites[1].name), rate: Bitrate(bitsPerSecond: 1_000_000_000))])
  }

  func close() {
    core.terminals.stop()
    cloud.stop()
    core.workers.stop()
    // The store may write its last while we remove what it has.
    for _ in 0..<50 where access(folder, F_OK) == 0 {
      Self.remove(folder)
      usleep(20_000)
    }
    if let place = try? Installation(stateDirectory: folder) { Self.remove(place.runDirectory) }
  }

  /// Removes a folder and the plain files in it.
  static func remove(_ path: String) {
    guard let stream = opendir(path) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { unlink(path + "/" + name) }
    }
    rmdir(path)
  }

  static func peer(_ user: String) -> Peer {
    users[user].map { .local(user: $0, group: $0, process: 1) } ?? .remote(address: "192.0.2.1", certificates: [])
  }

  /// The peer that an enrolled host's agent is.
  func agent(_ host: Name) throws -> Peer {
    let key = try PrivateKey.make()
    let request = try CertificateRequest.make(for: key, commonName: host.description)
    let certificate = try authority.issueHost(host, for: request, at: .now)
    return .remote(address: "192.0.2.7", certificates: [try certificate.der()])
  }

  /// Asks, as a user or as a peer.
  @discardableResult
  func ask(
    _ method: String, _ path: String, as user: String = "", peer: Peer? = nil, headers: [String: String] = [:],
    body: String = ""
  ) async -> Answer {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    let pairs = parts.count < 2 ? [] : parts[1].split(separator: "&")
    let query = pairs.map { pair -> (name: String, value: String) in
      let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return (sides[0], sides.count > 1 ? sides[1] : "")
    }
    let request = Incoming(
      method, parts[0], query: query, headers: headers, body: Array(body.utf8), peer: peer ?? Self.peer(user))
    let response = await withCheckedContinuation { continuation in
      core.router.handle(request, core) { continuation.resume(returning: $0) }
    }
    return Answer(response)
  }

  /// Builds one of a user's, and waits until it is decided.
  @discardableResult
  func build(_ name: String, as user: String = "ann") async -> Answer {
    await ask(
      "PUT", "/v1/infrastructures/\(name)", as: user, headers: ["Content-Type": "application/yaml"],
      body: Self.file(name))
  }

  static func file(_ name: String, cpu: String = "1", extra: String = "") -> String {
    """
    name: \(name)
    lease: {duration: 1h}
    nodes:
      a: {cpu: \(cpu), memory: 128MiB, site: brno\(extra)}
      b: {cpu: \(cpu), memory: 128MiB, site: prague}
    segments:
      lan: {members: [a, b], addresses: 10.1.0.0/24, rate: 100Mbit/s}
    """
  }
}

/// What came back.
struct Answer {
  let response: Response
  var status: Int { response.status }

  init(_ response: Response) { self.response = response }

  func header(_ name: String) -> String? { response.header(name) }

  var bytes: [UInt8] {
    if case .bytes(let bytes) = response.body { bytes } else { [] }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  func document<Document: Decodable>(_ type: Document.Type) throws -> Document {
    try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// The code of the problem; empty where it is none.
  var code: String { (try? document(ProblemDocument.self))?.code ?? "" }
}
