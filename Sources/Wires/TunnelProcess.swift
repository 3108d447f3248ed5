import CLinux
import Glibc
import Linux
import Quantities

/// A process that carries one end of a wire, a child of the keeper.
final class TunnelProcess {
  let identifier: pid_t
  /// Readable when the process has ended (`pidfd_open(2)`).
  let ended: Descriptor
  /// Its standard output and error.
  let output: Descriptor
  let startedAt = ContinuousClock.now
  /// When it is killed, if it was told to end.
  var killAt: ContinuousClock.Instant?
  private var buffer = LineBuffer()

  /// Starts the process in its end's namespace. `home` is where the keeper's thread goes back to: a thread in
  /// a namespace would keep it alive.
  init(_ spec: TunnelSpec, managementSocket: String, home: NetworkNamespace) throws {
    let arguments = OpenVPN.arguments(
      spec, peerFingerprint: try spec.keys.fingerprint(of: spec.role.other), managementSocket: managementSocket)
    var ends: [Int32] = [-1, -1]
    try check(pipe(&ends), "make pipe", spec.label)
    output = Descriptor(owning: ends[0])
    let input = Descriptor(owning: ends[1])
    // A keeper that does not read must not stop the traffic: what does not fit is lost.
    for number in ends {
      try check(fcntl(number, F_SETFD, FD_CLOEXEC), "set up pipe", spec.label)
      try check(fcntl(number, F_SETFL, O_NONBLOCK), "set up pipe", spec.label)
    }
    let namespace = try NetworkNamespace(Descriptor(opening: spec.namespace, O_RDONLY), label: spec.namespace)
    let program = TunnelSoftware(spec.software).program
    let started = Result {
      try namespace.perform { try ProcessRun.start(program, arguments, output: input.rawValue) }
    }
    try home.perform {}
    identifier = try started.get()
    ended = Descriptor(owning: try check(pidfd_open(identifier, 0), "watch", "process \(identifier)"))
  }

  /// Tells the process to end; it is killed if it has not ended after 2 s.
  func end(at now: ContinuousClock.Instant) {
    guard killAt == nil else { return }
    // The process is a child that was not waited for: its number is its own, even if it has ended.
    kill(identifier, SIGTERM)
    killAt = now + .seconds(2)
  }

  /// Kills the process where its time is up.
  func killIfDue(at now: ContinuousClock.Instant) {
    guard let killAt, killAt <= now else { return }
    kill(identifier, SIGKILL)
    self.killAt = now + .seconds(2)
  }

  /// Lines that it has written; `isOpen` is false when no more can come.
  func readLines() -> (lines: [String], isOpen: Bool) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var lines: [String] = []
    while true {
      let count = read(output.rawValue, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return (lines, count < 0 && errno == EAGAIN) }
      lines += buffer.add(bytes.prefix(count))
    }
  }

  /// Takes the ended process off the kernel's list: how it ended, in words.
  func reap() throws(SystemError) -> String {
    let status = try ProcessRun.wait(for: identifier)
    return status > 128 ? "signal \(status - 128)" : "exit status \(status)"
  }
}
