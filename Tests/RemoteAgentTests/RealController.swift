import Controller
import Cryptography
import FoundationEssentials
import Glibc
import Identity
import Infrastructure
import Languages
import Linux
import Quantities
import Service
import Synchronization
import WebServer

/// The program's own controller, engine and routes, in the test's process; it listens in the site's namespace.
final class RealController {
  let cloud: Cloud
  private let server: ServiceServer
  private let folder: String

  /// Tokens and projects, for as long as the test lasts.
  private struct Records: AccessRecords {
    var book: AccessBook
    func load() -> AccessBook { book }
    func save(_: AccessBook) {}
  }

  init(_ site: TestSite) throws {
    folder = site.folder + "/controller"
    let now = Timestamp.now
    let authority = try CertificateAuthority.make(name: "test", at: now)
    let key = try PrivateKey.make()
    let certificate = try authority.issueServer(
      names: [.ip(IPAddress(parsing: "10.99.0.1"))], for: CertificateRequest.make(for: key, commonName: "c"), at: now)
    let chain = try certificate.pem() + authority.certificatePEM()
    try site.write(try authority.certificatePEM(), to: "authority.pem")
    let digest = try site.shell("openssl x509 -in \(site.folder)/authority.pem -noout -fingerprint -sha256")
    try site.write(String(digest.drop { $0 != "=" }.dropFirst().filter { !$0.isWhitespace }), to: "authority.sha256")
    var book = AccessBook()
    for host in site.hosts {
      host.token = try book.enrolments.issue(
        for: Name(parsing: host.name), by: UserName(parsing: "operator"), at: now
      ).text
    }
    let root = Principal(user: try UserName(parsing: "root"), origin: .socket(uid: 0, gid: 0))
    token = try book.tokens.issue(to: root, scopes: Scope.all, description: "", lifetime: nil, at: now).text
    var settings = ServiceSettings()
    // Commands ask only a service of their own version.
    let version = try TestProcess.run([TestSite.program, "version"], in: site.folder).output
    settings.version = version.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    let (descriptor, port) = try Self.listen(in: site.controllerNamespace)
    let installation = try Installation(stateDirectory: folder)
    try installation.makeRunDirectory()
    socket = installation.runDirectory + "/control.socket"
    settings.listeners = [
      .inherited(descriptor: descriptor, tls: TLSIdentity(certificateChain: chain, key: try key.pem())),
      .unix(path: socket, mode: 0o600),
    ]
    let verifier = try CertificateVerifier(authorities: [try authority.certificatePEM()])
    settings.verifier = { verifier }
    settings.hostAuthority = authority
    settings.records = Records(book: book)
    settings.log = .none
    var engine = Cloud.Settings()
    (engine.hasLocalAgent, engine.expectsAgents) = (false, true)
    (engine.poll, engine.lostAfter, engine.fenceAfter) = (1, 3, 6)
    mkdir(folder, 0o700)
    cloud = try Cloud(installation, settings: engine)
    cloud.start()
    server = try ServiceServer(cloud: cloud, settings: settings)
    self.port = "\(port)"
  }

  let port: String
  /// Root's.
  let token: String
  /// Where root of this machine is an administrator.
  let socket: String

  /// A site of so many hosts with agents, one node each, and what works it.
  static func withSite(hosts: Int, _ body: (TestSite, RealController) throws -> Void) throws {
    var controller: RealController?
    defer { controller?.stop() }
    try TestSite.with(
      hosts: hosts,
      controller: { site in
        let made = try RealController(site)
        controller = made
        return made.port
      },
      { site in
        guard let controller else { return }
        let lines = site.hosts.map {
          "  \($0.name): {site: here, kind: real, trunk: eth1, cpu: 4, memory: 4GiB, slots: 1}"
        }
        let text = "name: test\nsites:\n  here: {vlans: 100-199}\nhosts:\n\(lines.joined(separator: "\n"))\n"
        try controller.order(
          .applySubstrate(SubstrateReader.read(text: Array(text.utf8), file: "test", environment: [:])))
        for host in site.hosts { try host.start() }
        try body(site, controller)
      })
  }

  private static func listen(in name: String) throws -> (Int32, UInt16) {
    try NetworkNamespace.open(named: name).perform {
      let socket = try check(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0), "make", "socket")
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(10 << 24 | 99 << 16 | 1).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      try withUnsafeMutableBytes(of: &address) { bytes in
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return }
        try check(bind(socket, base, length), "bind", "socket")
        try check(Glibc.listen(socket, 64), "listen", "socket")
        try check(getsockname(socket, base, &length), "look at", "socket")
      }
      return (socket, UInt16(bigEndian: address.sin_port))
    }
  }

  /// Orders something and waits until it is decided.
  @discardableResult
  func order(_ order: Order) throws -> Operation {
    let result = Box()
    cloud.submit(order, by: Caller(user: "tester")) { answer in result.value.withLock { $0 = answer } }
    guard eventually(20, { result.value.withLock { $0 != nil } }), let answer = result.value.withLock({ $0 }) else {
      throw Problem(.failed, "no-answer", "The engine does not answer.", remedy: "")
    }
    return try answer.get()
  }

  private final class Box: Sendable {
    let value = Mutex<Result<Operation, any Error>?>(nil)
  }

  func build(_ text: String, restarts: Bool = false) throws {
    let request = try InfrastructureReader.read(text: Array(text.utf8), file: "test", environment: [:])
    try order(.build(request, mode: Order.BuildMode(restartsElsewhere: restarts)))
  }

  func record(_ name: String) -> InfrastructureRecord? { Name(name).flatMap { cloud.view.record($0) } }

  /// Where a node is, by the engine's account.
  func host(of node: String, _ name: String) -> String? {
    guard let node = Name(node) else { return nil }
    return record(name)?.admission.embedding.placement[node]?.description
  }

  func stop() {
    server.stop()
    cloud.stop()
    try? FileManager.default.removeItem(atPath: cloud.installation.runDirectory)
  }
}
