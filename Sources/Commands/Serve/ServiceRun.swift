import Controller
import Glibc
import Linux
import Quantities
import Service
import Store
import WebServer

/// The life of a service's process, from the store that opens to the last answer.
final class ServiceRun {
  private let plan: ServicePlan
  private let server: ServiceServer
  private let engine: ServiceEngine
  private let shared: SharedState?
  private let manager: ServiceManager
  /// Renewed in time; nil: what it shows is somebody else's to renew.
  private var ownIdentity: OwnIdentity?
  private let now: () -> Timestamp

  /// Opens the store, begins to work, and answers. Throws a `Problem`, and nothing is left begun then.
  ///
  /// - Parameters:
  ///   - isStarter: Nobody else keeps others from starting one at the same time.
  ///   - now: The time by which certificates are renewed.
  init(_ plan: ServicePlan, isStarter: Bool, now: @escaping () -> Timestamp = { .now }) throws {
    self.plan = plan
    ownIdentity = plan.ownIdentity
    self.now = now
    manager = try ServiceManager()
    let shared = try plan.shareState()
    var settings = plan.settings
    if let shared { settings.leadership = { shared.standing } }
    self.shared = shared
    try plan.installation.makeRunDirectory()
    try Self.makeFolders(for: settings.listeners)
    server = try ServiceServer(settings: settings)
    do { engine = try ServiceEngine(plan, shared, server, isStarter: isStarter) } catch {
      server.stop()
      throw error
    }
    try manager.ready(status: "serving \(plan.installation.stateDirectory)")
  }

  /// A Unix socket needs its folder, which a reboot takes along.
  private static func makeFolders(for listeners: [Listener]) throws {
    for case .unix(let path, _) in listeners {
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { continue }
      let folder = String(path[..<slash])
      if mkdir(folder, 0o755) != 0, errno != EEXIST {
        throw SystemError(operation: "make folder", object: folder, errno: errno)
      }
    }
  }

  /// Where it answers, for people.
  var addresses: [String] { plan.addresses(server.ports) }

  /// Serves until a signal, until `POST /v1/stop`, or, where it shall, until nobody needs it any more.
  ///
  /// - Parameter reread: Reads the configuration again, for SIGHUP.
  func untilEnd(_ signals: ProcessSignals, endsWhenIdle: Bool, reread: () throws -> ServicePlan) throws {
    defer { end() }
    var idle = IdleWatch(endsWhenIdle ? plan.installation : nil)
    while true {
      switch try signals.wait(milliseconds: min(engine.patience, Self.pulse(manager))) {
      case .end: return
      case .reload: reload(reread)
      case nil: break
      }
      engine.follow()
      renew()
      if manager.watchdogInterval != nil { try manager.alive() }
      if let cloud = engine.cloud, idle.isOver(cloud, requests: server.requestCount) { return }
    }
  }

  /// How long one wait may last, milliseconds: twice as often as the manager wants a sign of life, once a second at
  /// least.
  private static func pulse(_ manager: ServiceManager) -> Int32 {
    guard let interval = manager.watchdogInterval else { return 1000 }
    return Int32(max(10, min(1000, interval / .milliseconds(2))))
  }

  /// Shows another certificate to who connects from now on, where it is time.
  func renew() {
    do {
      guard let ownIdentity, let identity = try ownIdentity.renewed(at: now()) else { return }
      try server.replace(identity: identity)
      ServiceNotice.write("shows a new certificate, valid until \(ownIdentity.details.notAfter)")
    } catch {
      let problem = error as? Problem
      ServiceNotice.write("its certificate is not renewed: \(problem?.message ?? "\(error)")")
    }
  }

  /// What can be exchanged while it runs: certificates. What is wrong is told, and what was stays.
  private func reload(_ reread: () throws -> ServicePlan) {
    do {
      try manager.reloading()
      let plan = try reread()
      if let identity = plan.identity { try server.replace(identity: identity) }
      ownIdentity = plan.ownIdentity
      if let verifier = plan.verifier.current { self.plan.verifier.replace(verifier) }
      try manager.ready(status: "serving, configuration read again")
    } catch {
      let problem = error as? Problem
      ServiceNotice.write("configuration not taken: \(problem?.message ?? "\(error)")")
      // The manager must know that the reload is over, whatever came of it.
      do { try manager.ready(status: "serving; the configuration has a fault") } catch {
        ServiceNotice.write("the service manager cannot be told: \(error)")
      }
    }
  }

  func end() {
    do { try manager.stopping() } catch { ServiceNotice.write("the service manager cannot be told: \(error)") }
    server.stop()
    engine.stop()
    shared?.resign()
  }
}

/// A line of the service's own on standard error.
enum ServiceNotice {
  static func write(_ text: String) {
    let line = Array("virtcloud: \(text)\n".utf8)
    // Where nobody reads it, nobody misses it.
    _ = line.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}

/// Whether a service that was started by itself is still needed.
struct IdleWatch {
  /// For how many seconds nothing may be up, reserved or asked.
  private static let patience = Duration.seconds(600)
  private let installation: Installation?
  private var since = ContinuousClock.now
  private var requests: UInt64 = 0

  /// - Parameter installation: Nil is always needed.
  init(_ installation: Installation?) { self.installation = installation }

  /// True where it may end: nobody needed it for long, or its state is gone.
  mutating func isOver(_ cloud: Cloud, requests: UInt64) -> Bool {
    guard let installation else { return false }
    if installation.isEmpty { return true }
    let isNeeded = requests != self.requests || !cloud.view.records.isEmpty
    self.requests = requests
    if isNeeded { since = .now }
    return ContinuousClock.now - since > Self.patience
  }
}
