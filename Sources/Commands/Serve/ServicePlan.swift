import Controller
import Identity
import Languages
import Linux
import Quantities
import Service
import Store
import Synchronization
import WebServer

/// Everything that a service is set up with, made of a configuration.
struct ServicePlan {
  var installation: Installation
  var settings = ServiceSettings()
  var engine = Cloud.Settings()
  /// By what it shows who it is over TLS; nil where it listens at Unix sockets only.
  var identity: TLSIdentity?
  /// The same where the own authority made it; it is renewed in time.
  var ownIdentity: OwnIdentity?
  private var name: Name?
  private var shared: ServiceConfiguration.EtcdStore?
  /// What clients' certificates are verified by, for as long as nobody exchanges it.
  let verifier = Verifier()

  /// This machine alone: a Unix socket, whose users are known by their credentials.
  init(local installation: Installation) {
    self.installation = installation
    settings.version = Version.current
    settings.listeners = [.unix(path: LocalService(installation).socketPath, mode: 0o666)]
    settings.stop = { ProcessSignals.end() }
    settings.log = .none
  }

  /// A site's controller.
  init(_ configuration: ServiceConfiguration) throws {
    self.init(local: try Installation(stateDirectory: configuration.stateDirectory))
    settings.stop = nil
    settings.log = configuration.logging.format == .json ? .json : .text
    settings.access = try AccessSettings(configuration.access)
    settings.projects = try configuration.projects.map { rule throws(Problem) in try Project(rule) }
    settings.notices = Notifier.Settings(
      webhook: configuration.notices.webhook, mailServer: configuration.notices.mail?.server,
      mailFrom: configuration.notices.mail?.from ?? "")
    settings.limits.bodyBytes = Int(clamping: configuration.limits.body.bytes)
    settings.limits.connections = configuration.limits.connections
    settings.requestsPerSecond = configuration.limits.requestsPerSecond
    engine.hasLocalAgent = configuration.hasLocalAgent
    engine.poll = configuration.agents.poll / .seconds(1)
    engine.lostAfter = configuration.agents.lostAfter / .seconds(1)
    engine.fenceAfter = configuration.agents.fenceAfter / .seconds(1)
    engine.warnings = configuration.notices.beforeLeaseEnd.map(\.components.seconds)
    engine.expectsAgents = true
    name = configuration.name
    if case .etcd(let etcd) = configuration.store { shared = etcd }
    try listen(configuration)
    guard shared != nil, settings.controllers.isEmpty else { return }
    throw Problem(
      .invalid, "no-url", "Controllers that share a store send clients on to each other, but this one has no address.",
      remedy: "Write 'url:' or 'listen:' into the configuration.")
  }

  private mutating func listen(_ configuration: ServiceConfiguration) throws {
    let papers = ServicePapers(stateDirectory: configuration.stateDirectory)
    let authority = try papers.authority()
    let identity: TLSIdentity
    switch configuration.credentials {
    case .own(let names):
      let own = try OwnIdentity(names: names, by: authority, at: .now)
      (ownIdentity, identity) = (own, own.identity)
    case .files(let files):
      identity = TLSIdentity(
        certificateChain: try TextFile.read(files.certificate), key: try TextFile.read(files.key))
    }
    self.identity = identity
    verifier.replace(
      try ServicePapers.verifier(authority, trust: configuration.trust, lists: configuration.revocationLists))
    settings.verifier = { [verifier] in verifier.current }
    settings.hostAuthority = authority
    let inherited = try ServiceManager.listeners()
    var listeners: [Listener] = [.unix(path: configuration.socket.path, mode: configuration.socket.mode)]
    if inherited.contains(where: \.isLocal) { listeners = [] }
    listeners += inherited.map { .inherited(descriptor: $0.descriptor, tls: $0.isLocal ? nil : identity) }
    // What the manager listens at takes the place of what the file says.
    if inherited.allSatisfy(\.isLocal) {
      listeners += configuration.listen.map {
        .tcp(address: $0.address.description, port: $0.port, tls: identity)
      }
    }
    settings.listeners = listeners
    settings.controllers =
      configuration.url.map { [$0] } ?? configuration.listen.first.map { ["https://\(ThisMachine.name):\($0.port)"] }
      ?? []
  }

  /// The state where it is shared; nil is the installation's own. Throws where that is not there.
  func shareState() throws -> SharedState? {
    guard let shared else { return nil }
    let leader = Leader(name: (name ?? ThisMachine.name).description, url: settings.controllers.first ?? "")
    return try SharedState(shared, candidate: leader)
  }

  /// Where it answers, for people.
  func addresses(_ ports: [UInt16]) -> [String] {
    zip(settings.listeners, ports).map { listener, port in
      switch listener {
      case .unix(let path, _): path
      case .tcp(let address, _, let tls): "\(tls == nil ? "http" : "https")://\(address):\(port)"
      case .inherited(let descriptor, _): port == 0 ? "descriptor \(descriptor)" : "port \(port)"
      }
    }
  }

  /// What certificates are verified by; safe from any thread.
  final class Verifier: Sendable {
    private let held = Mutex<CertificateVerifier?>(nil)
    var current: CertificateVerifier? { held.withLock { $0 } }
    func replace(_ verifier: CertificateVerifier?) { held.withLock { $0 = verifier } }
  }
}
