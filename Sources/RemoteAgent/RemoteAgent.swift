import API
import Agent
import Controller
import Glibc
import Linux
import Quantities
import Store
import WebClient

/// The program of a host that is no controller: obeys plans that come over the network.
public enum RemoteAgent {
  /// Runs until SIGTERM, SIGINT or SIGHUP; what runs on the host goes on then.
  ///
  /// One thread asks for plans, one carries reports, one does errands (it looks, and opens terminals, each with two
  /// threads more), and the calling one does what is to be done: it alone changes the host, under the installation's lock.
  ///
  /// - Parameter say: Gets lines for the log, from any thread.
  /// - Throws: `Problem` where it cannot begin: not enrolled, a wrong token, a clock that is off, another agent here.
  public static func run(_ options: AgentOptions, say: @escaping @Sendable (String) -> Void) throws {
    let places = AgentPlaces(installation: options.installation)
    guard options.installation.isEmpty else {
      throw Problem(
        .invalid, "state-of-controller",
        "'\(options.installation.stateDirectory)' is the state of a controller, which works this machine itself.",
        remedy: "Name this machine a host of its own substrate, or give the agent another '--state' directory.")
    }
    try places.prepare()
    let lock = try FileLock.demand(places.lock, toward: "run an agent")
    defer { withExtendedLifetime(lock) {} }
    let clock = try HostClock.system()
    let credentials = try Enrolment(options: options, places: places, clock: clock).credentials()
    try AgentLife(credentials, places, options, clock: clock, log: AgentLog(say)).run()
  }
}

extension RemoteAgent {
  /// Takes away everything that an installation's agent has made on this host; what it was enrolled with stays.
  ///
  /// Throws `busy` while the agent runs.
  public static func clear(_ installation: Installation) throws {
    let places = AgentPlaces(installation: installation)
    try places.prepare()
    let lock = try FileLock.demand(places.lock, toward: "clear this host")
    defer { withExtendedLifetime(lock) {} }
    let change = try FileLock.lock(installation.lockPath)
    defer { withExtendedLifetime(change) {} }
    _ = try Agent(realm: installation.realm, runDirectory: installation.runDirectory).apply([])
    try places.forgetPlans()
  }
}

extension RemoteAgent {
  /// Throws `host-of-agent` where an installation is an agent's: a service of its own would take away what the agent
  /// has built, and the agent could not start again.
  public static func refuseService(of installation: Installation) throws {
    guard installation.isEmpty, let membership = try AgentPlaces(installation: installation).readMembership() else {
      return
    }
    throw Problem(
      .refused, "host-of-agent",
      "This machine is host \(membership.host) of a cloud: its agent works '\(installation.stateDirectory)'.",
      remedy:
        "Ask the controller: '--controller \(membership.controllers.first ?? "URL")'; 'virtcloud agent --clear' takes away what the agent has built here."
    )
  }
}

/// An agent from its start to its end.
private final class AgentLife {
  private let credentials: Credentials
  private let log: AgentLog
  private let keeper: HostKeeper
  private let poller: PlanPoller
  private let courier: Courier
  private let errands: ErrandPoller
  private let terminals: HostTerminals
  private let manager: ServiceManager
  private let news: Bell
  private let stopping: Bell
  private let interrupt = Interrupt()

  init(
    _ credentials: Credentials, _ places: AgentPlaces, _ options: AgentOptions, clock: HostClock, log: AgentLog
  ) throws {
    self.credentials = credentials
    self.log = log
    manager = try ServiceManager()
    news = try Bell()
    stopping = try Bell()
    keeper = try HostKeeper(places, host: credentials.host, trunk: options.trunk, clock: clock, log: log)
    let circle = try ControllerCircle(credentials.controllers, credentials.tls)
    let requests = AgentRequests(host: credentials.host, version: options.version)
    poller = PlanPoller(
      circle, requests, clock: clock, log: log, after: keeper.kept?.document.generation ?? 0,
      fence: keeper.kept?.shortestFence, bell: news, stopping: stopping, interrupt: interrupt)
    courier = try Courier(
      circle, requests, credentials, places, clock: clock, log: log, stopping: stopping, interrupt: interrupt)
    terminals = HostTerminals(circle, requests)
    errands = ErrandPoller(
      circle, requests,
      ErrandRunner(installation: places.installation, work: keeper.work, terminals: terminals), log: log,
      stopping: stopping, interrupt: interrupt)
  }

  func run() throws {
    let signals = try ProcessSignals()
    let (poller, courier, errands) = (poller, courier, errands)
    try ServiceThread.start("vc-poller") { poller.run() }
    try ServiceThread.start("vc-courier") { courier.run() }
    try ServiceThread.start("vc-errands") { errands.run() }
    defer { end() }
    log.say(
      "life",
      "host \(credentials.host): \(keeper.kept.map { "keeps generation \($0.document.generation)" } ?? "has no plans yet")"
    )
    settle()
    try manager.ready(status: "host \(credentials.host)")
    while try !wait(signals) {
      if let news = poller.take() { take(news) }
      settle()
    }
    log.say("life", "ends; what runs on this host goes on")
  }

  private func take(_ news: PlanPoller.News) {
    do {
      try keeper.take(news)
      log.say("plans", nil)
    } catch {
      let problem = error as? Problem ?? ConnectionProblem.plain(error, HostMoment(life: "", boot: 0, wall: 0))
      log.say("plans", problem.words)
      courier.send(
        AgentReport(host: credentials.host, generation: keeper.kept?.document.generation ?? 0, problem: problem))
    }
  }

  private func settle() {
    guard let report = keeper.settle(alive: { sign() }) else { return }
    if let problem = report.problem {
      log.say("apply", "generation \(report.generation) was not applied: \(problem.words)")
    } else {
      log.say("apply", "applied generation \(report.generation)")
    }
    courier.send(report)
  }

  /// Waits for news, the next end, or a signal; true where it is to end.
  private func wait(_ signals: ProcessSignals) throws -> Bool {
    var pause = keeper.pause ?? Int(Int32.max)
    if let interval = manager.watchdogInterval { pause = min(pause, interval.milliseconds / 2) }
    // A suspended machine's timers stand still; after half a minute awake its ends are looked at again.
    pause = min(pause, 30_000)
    var watched = [signals.descriptor, news.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = poll(&watched, 2, Int32(clamping: pause))
    if count < 0, errno != EINTR { try check(count, "wait for", "plans") }
    news.silence()
    sign()
    return watched[0].revents != 0
  }

  /// Tells the service manager that the agent lives.
  private func sign() {
    // Nobody may be there to hear it, and that is no reason to stop working.
    if manager.watchdogInterval != nil { try? manager.alive() }
  }

  private func end() {
    interrupt.fire()
    stopping.ring()
    courier.wake()
    terminals.stop()
    // The manager may be gone already.
    try? manager.stopping()
  }
}

extension Duration {
  /// Whole milliseconds, 1 at least.
  fileprivate var milliseconds: Int {
    Int(clamping: max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000))
  }
}
