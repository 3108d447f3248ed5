import Client
import Controller
import FoundationEssentials
import Glibc
import Linux
import Quantities
import RemoteAgent
import Store
import WebClient

/// The service of an installation on this machine: found at its socket, started where it is not there.
struct LocalService: Sendable {
  let installation: Installation

  init(_ installation: Installation) { self.installation = installation }

  /// Where it listens.
  var socketPath: String { installation.runDirectory + "/control.socket" }
  /// What it holds as long as it lives; its process id stands there.
  var lockPath: String { installation.lockPath }
  /// Where an automatically started one writes what it has to say.
  var logPath: String { installation.runDirectory + "/serve.log" }

  /// What whoever starts or ends it holds meanwhile; waits for whoever has it.
  func startLock() throws -> FileLock {
    // Everybody may come as far as the socket.
    if mkdir(installation.runDirectory, 0o755) != 0, errno != EEXIST {
      throw SystemError(operation: "make folder", object: installation.runDirectory, errno: errno)
    }
    return try FileLock.lock(installation.runDirectory + "/service-start")
  }

  /// A client of it; `revive` brings it back, and tells whether it did.
  func client(revive: CloudClient.Revival? = nil) throws -> CloudClient {
    try CloudClient([.unix(socketPath)], revive: revive)
  }

  /// A client where it runs in this version, else nil; nothing is started.
  func running() throws -> CloudClient? {
    let client = try client()
    do { return try client.service().version == Version.current ? client : nil } catch let problem as Problem
      where ["server-refused", "server-not-permitted"].contains(problem.code)
    { return nil }
  }

  /// Starts it unless it runs; returns true when it answers.
  ///
  /// Several processes may ask at once: one starts it, the others wait for that.
  ///
  /// Throws `host-of-agent` where an agent keeps its state there, whose work a service would undo.
  func start() throws -> Bool {
    try RemoteAgent.refuseService(of: installation)
    let lock = try startLock()
    defer { withExtendedLifetime(lock) {} }
    // One that was started otherwise, or that is ending, holds its lock without answering for a moment.
    for _ in 0..<Self.moments {
      guard try isHeld() else { break }
      if try answers() { return true }
      usleep(20_000)
    }
    try launch()
    return true
  }

  /// For how many fiftieths of a second a service may be silent that lives.
  private static let moments = 500

  private func answers() throws -> Bool {
    do { _ = try client().service() } catch let problem as Problem where problem.code == "server-refused" {
      return false
    }
    return true
  }

  /// True where one lives, whether it answers or not.
  func lives() throws -> Bool {
    guard access(lockPath, F_OK) == 0 else { return false }
    let lock = try startLock()
    defer { withExtendedLifetime(lock) {} }
    return try isHeld()
  }

  /// Somebody serves, or is about to: it holds the lock before it listens. Only whoever has the start's lock may look,
  /// for looking takes the lock for a moment.
  private func isHeld() throws -> Bool {
    guard access(lockPath, F_OK) == 0 else { return false }
    return try FileLock.tryLock(lockPath) == nil
  }

  /// Starts the process and waits until it says that it is ready, or why it is not.
  private func launch() throws {
    var ends: [Int32] = [-1, -1]
    try check(pipe(&ends), "make a pipe", "service")
    let reader = Descriptor(owning: ends[0])
    for end in ends { try check(fcntl(end, F_SETFD, FD_CLOEXEC), "keep to ourselves", "a pipe") }
    do {
      let writer = Descriptor(owning: ends[1])
      // The last one's is kept: it may tell why it ended.
      rename(logPath, logPath + ".old")
      let log = try Descriptor(opening: logPath, O_WRONLY | O_CREAT | O_APPEND)
      try ProcessRun.detach(
        "/proc/self/exe",
        [
          "virtcloud", "serve", "--local", "--state", installation.stateDirectory, "--started-by-itself", "--ready",
          "\(Self.readyDescriptor)",
        ], output: log.rawValue, descriptors: [Self.readyDescriptor: writer.rawValue])
    }
    let told = try ReadySignal.read(from: reader)
    if told == ReadySignal.ready { return }
    if let problem = ReadySignal.problem(in: told) { throw problem }
    throw Problem(
      .failed, "service-ended", "The service of \(installation.stateDirectory) ended while it started.",
      remedy: "Read \(logPath).")
  }

  private static let readyDescriptor: Int32 = 3

  /// Ends one of another version, which machines and networks outlive, and starts this one's.
  func replace(_ version: String, say: (String) -> Void) throws {
    guard geteuid() == 0 else {
      throw Problem(
        .failed, "other-version", "The service is version \(version), and this is \(Version.current).",
        remedy: "Use the service's version, or have root restart it with 'virtcloud stop'.")
    }
    say("the service is version \(version), and this is \(Version.current): it is restarted; machines stay")
    _ = try stop()
    _ = try start()
  }

  /// Ends it and waits for its end; false where none runs.
  func stop() throws -> Bool {
    guard access(lockPath, F_OK) == 0 else { return false }
    let start = try startLock()
    defer { withExtendedLifetime(start) {} }
    guard try isHeld() else { return false }
    guard let process = FileLock.holder(of: lockPath), process > 1 else {
      throw Problem(
        .failed, "service-unknown",
        "Which process serves \(installation.stateDirectory) does not stand in \(lockPath).",
        remedy: "End it yourself.")
    }
    try check(kill(process, SIGTERM), "end", "process \(process)")
    // Free as soon as it has ended.
    _ = try FileLock.lock(lockPath)
    return true
  }
}
