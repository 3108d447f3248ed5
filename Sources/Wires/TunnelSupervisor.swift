import Glibc
import Linux
import Quantities

/// The keeper's loop: one thread that waits for events of the list, the processes and their connections.
final class TunnelSupervisor {
  private let places: TunnelPlaces
  private let watch: FolderWatch
  private let listener: Descriptor
  private let home: NetworkNamespace
  private var tunnels: [String: Tunnel] = [:]
  private var connections: [ManagementConnection] = []
  private var reported: TunnelReport?
  private var problem: String?
  /// When the report may be written again, and whether that waits to be done.
  private var reportAt = ContinuousClock.now
  private var isReportLate = false
  private static let reportPause = Duration.milliseconds(50)

  /// What a descriptor that `poll(2)` found belongs to.
  private enum Source {
    case list, listener
    case ended(Tunnel), output(Tunnel)
    case management(ManagementConnection)
  }

  init(_ places: TunnelPlaces) throws {
    self.places = places
    // The watch stands before the first look, so that no change is missed.
    watch = try FolderWatch(places.folder)
    listener = try UnixListener.make(places.socket)
    home = try NetworkNamespace.current()
  }

  /// Runs until nothing is wanted and nothing runs.
  func run() throws {
    defer { removeFiles() }
    followList()
    while true {
      let now = ContinuousClock.now
      for tunnel in tunnels.values { tunnel.settle(at: now, places, home: home) }
      tunnels = tunnels.filter { !$0.value.isOver }
      try report()
      if tunnels.isEmpty, problem == nil { return }
      try wait()
    }
  }

  /// Reads the list, and says of each end whether it is wanted.
  private func followList() {
    do {
      let list = try TunnelList.read(places.wanted)
      let wanted = Dictionary(list.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
      for (identity, tunnel) in tunnels {
        tunnel.wanted = wanted[identity]
        tunnel.tryAgain(at: .now)
      }
      for (identity, spec) in wanted where tunnels[identity] == nil { tunnels[identity] = Tunnel(spec) }
      problem = nil
    } catch {
      // A list that cannot be read ends no wire.
      problem = (error as? Problem)?.message ?? "\(error)"
    }
  }

  private func wait() throws {
    var sources: [Source] = [.list, .listener]
    var numbers = [watch.descriptor.rawValue, listener.rawValue]
    for tunnel in tunnels.values {
      if let process = tunnel.process {
        sources.append(.ended(tunnel))
        numbers.append(process.ended.rawValue)
      }
      if let number = tunnel.outputNumber {
        sources.append(.output(tunnel))
        numbers.append(number)
      }
    }
    for connection in connections {
      sources.append(.management(connection))
      numbers.append(connection.descriptor.rawValue)
    }
    var events = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let deadlines = tunnels.values.compactMap(\.deadline) + (isReportLate ? [reportAt] : [])
    let limit = deadlines.min().map { ($0 - .now).milliseconds } ?? -1
    let count = poll(&events, nfds_t(events.count), limit)
    if count < 0, errno == EINTR { return }
    try check(count, "wait for", "encrypted wires")
    // Ends come last, so that what a process said before is not lost.
    let ready = zip(sources, events).filter { $0.1.revents != 0 }.map(\.0)
    for source in ready { try serve(source) }
    for case .ended(let tunnel) in ready { try tunnel.processEnded(at: .now) }
  }

  private func serve(_ source: Source) throws {
    switch source {
    case .list: if try watch.changedNames()?.contains(TunnelPlaces.wantedName) ?? true { followList() }
    case .listener:
      guard let connection = try ManagementConnection(acceptingAt: listener, places.socket) else { return }
      // Strangers, and children of a keeper that was killed, find no one here and end.
      if tunnel(of: connection) != nil { connections.append(connection) }
    case .output(let tunnel): tunnel.readOutput()
    case .management(let connection):
      guard let states = connection.states() else {
        connections.removeAll { $0 === connection }
        return
      }
      tunnel(of: connection)?.take(states)
    case .ended: break
    }
  }

  private func tunnel(of connection: ManagementConnection) -> Tunnel? {
    tunnels.values.first { $0.process?.identifier == connection.process }
  }

  /// Writes the report where it has changed, but not for every one of a thousand processes that start together.
  private func report() throws {
    let statuses = tunnels.values.map(\.status).sorted { $0.identity < $1.identity }
    let report = TunnelReport(keeper: getpid(), tunnels: statuses, problem: problem)
    let now = ContinuousClock.now
    isReportLate = report != reported && now < reportAt
    guard report != reported, !isReportLate else { return }
    reported = report
    reportAt = now + Self.reportPause
    try PrivateFile.replace(places.report, with: try TunnelList.text(of: report))
  }

  private func removeFiles() {
    // They are in the way of nobody if they stay: a reader asks whether the keeper lives, the next one replaces them.
    unlink(places.report)
    unlink(places.socket)
  }
}
