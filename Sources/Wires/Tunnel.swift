import Glibc
import Linux
import Quantities

/// One end of a wire as the keeper has it: what is wanted of it, and the process that does it.
final class Tunnel {
  /// What is wanted; nil where the end shall go.
  var wanted: TunnelSpec?
  /// What the process was started with.
  private(set) var running: TunnelSpec
  private(set) var process: TunnelProcess?
  private(set) var status: TunnelStatus
  private var log = LineTail()
  private var isOutputOpen = false
  private var pause = Tunnel.shortestPause
  private var startAt: ContinuousClock.Instant

  private static let shortestPause = Duration.milliseconds(200)
  private static let longestPause = Duration.seconds(10)

  init(_ spec: TunnelSpec) {
    wanted = spec
    running = spec
    startAt = .now + Self.headStart(spec)
    status = TunnelStatus(label: spec.label, key: spec.key, role: spec.role, state: .starting)
  }

  /// A responder on the same machine gets ahead of its initiator: a first packet that meets no one is sent again
  /// after 2 s only (OpenVPN's timers are coarse).
  private static func headStart(_ spec: TunnelSpec) -> Duration {
    spec.role == .initiator ? .milliseconds(100) : .zero
  }

  /// True where nothing is wanted and nothing runs.
  var isOver: Bool { wanted == nil && process == nil }

  /// When something is to be done without an event; nil where there is nothing.
  var deadline: ContinuousClock.Instant? {
    if let process { return process.killAt }
    return wanted == nil ? nil : startAt
  }

  /// The descriptor of the process's output, as long as something may come.
  var outputNumber: Int32? { isOutputOpen ? process?.output.rawValue : nil }

  /// Does what is due: starts, ends or kills the process.
  func settle(at now: ContinuousClock.Instant, _ places: TunnelPlaces, home: NetworkNamespace) {
    if let process {
      // What was told to end ends, also where the same is wanted again by now.
      guard wanted != running || process.killAt != nil else { return }
      process.end(at: now)
      process.killIfDue(at: now)
      status.state = .ending
    } else if let wanted, startAt <= now {
      start(wanted, at: now, places, home)
    }
  }

  private func start(
    _ spec: TunnelSpec, at now: ContinuousClock.Instant, _ places: TunnelPlaces, _ home: NetworkNamespace
  ) {
    running = spec
    status.label = spec.label
    do {
      guard spec.software == .openVPN else { throw Problem.notRun(spec) }
      try TunnelSoftware(spec.software).demand(for: spec.label)
      let started = try TunnelProcess(spec, managementSocket: places.socket, home: home)
      process = started
      isOutputOpen = true
      status.process = started.identifier
      status.state = .starting
    } catch {
      status.state = .failed
      status.lastLog = (error as? Problem)?.message ?? "\(error)"
      waitBeforeStart(at: now)
    }
  }

  /// Takes what the process has written.
  func readOutput() {
    guard let process else { return }
    let (lines, isOpen) = process.readLines()
    isOutputOpen = isOpen
    for line in lines { log.add(line) }
    status.log = log.lines
    if let line = log.telling { status.lastLog = line }
  }

  /// Takes states that the process has told.
  func take(_ states: [String]) {
    if let last = states.last { status.phase = last }
    for state in states where status.state != .ending {
      switch state {
      case "CONNECTED": status.state = .connected
      case "RECONNECTING": if status.state == .connected { status.state = .disconnected }
      default: break
      }
    }
  }

  /// The process has ended, wanted or not.
  func processEnded(at now: ContinuousClock.Instant) throws(SystemError) {
    guard let process else { return }
    readOutput()
    let exit = try process.reap()
    self.process = nil
    isOutputOpen = false
    status.process = nil
    status.phase = nil
    guard process.killAt == nil else {
      // It was told to end; another spec may want to start at once.
      startAt = now + (wanted.map(Self.headStart) ?? .zero)
      return
    }
    status.lastExit = exit
    status.restarts += 1
    status.state = .restarting
    // What ran for long may start again soon.
    if now - process.startedAt > Self.longestPause { pause = Self.shortestPause }
    waitBeforeStart(at: now)
  }

  private func waitBeforeStart(at now: ContinuousClock.Instant) {
    startAt = now + pause
    pause = min(pause * 2, Self.longestPause)
  }

  /// Something that stood in the way may be gone: tries at once what waits after a failed start.
  func tryAgain(at now: ContinuousClock.Instant) {
    guard process == nil, status.state == .failed else { return }
    startAt = now
  }
}

extension Problem {
  /// A software that the keeper has no process for.
  static func notRun(_ spec: TunnelSpec) -> Problem {
    Problem(
      .refused, "tunnel-software-unsupported", "Wire \(spec.label) cannot run over \(spec.software.rawValue) yet.",
      remedy: "Choose OpenVPN for it.")
  }
}
