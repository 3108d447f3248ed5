import Glibc
import Linux
import Quantities

/// A program in a machine with a terminal of the machine's own, for whoever relays it elsewhere than to ours.
///
/// Safe from any thread.
public final class MachineTerminal: Sendable {
  private let master: Descriptor
  /// The program, a child of this process.
  private let program: pid_t

  init(_ master: consuming Descriptor, _ program: pid_t) {
    self.master = master
    self.program = program
  }

  /// What the program has written; empty where it has written nothing for `milliseconds`, nil at its end.
  public func read(waiting milliseconds: Int32) -> [UInt8]? {
    var request = pollfd(fd: master.rawValue, events: Int16(POLLIN), revents: 0)
    let ready = poll(&request, 1, milliseconds)
    if ready < 0 { return errno == EINTR ? [] : nil }
    if ready == 0 { return [] }
    var buffer = [UInt8](repeating: 0, count: 16384)
    let count = Glibc.read(master.rawValue, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
    // A hung-up terminal answers EIO (`pty(7)`), or nothing.
    return count == 0 ? nil : Array(buffer.prefix(count))
  }

  /// Types into it; waits at most a second for the program to take it. Throws a `SystemError`.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    var rest = bytes[...]
    var attempts = 0
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(master.rawValue, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      if count < 0, errno != EAGAIN, errno != EINTR { try check(Int32(-1), "type into", "terminal") }
      guard count < 0 else { continue }
      var request = pollfd(fd: master.rawValue, events: Int16(POLLOUT), revents: 0)
      attempts += 1
      guard attempts <= 10 else { throw SystemError(operation: "type into", object: "terminal", errno: EAGAIN) }
      poll(&request, 1, 100)
    }
  }

  /// Types as much of it as the program has room for, waiting at most so long for any; returns how many octets that
  /// were. Throws a `SystemError`.
  public func write(some bytes: [UInt8], waiting milliseconds: Int32) throws(SystemError) -> Int {
    guard !bytes.isEmpty else { return 0 }
    var request = pollfd(fd: master.rawValue, events: Int16(POLLOUT), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return 0 }
    let count = bytes.withUnsafeBytes { Glibc.write(master.rawValue, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
    return try check(count, "type into", "terminal")
  }

  /// Tells it how large it is, in characters.
  public func resize(columns: UInt16, rows: UInt16) throws(SystemError) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try check(ioctl(master.rawValue, UInt(TIOCSWINSZ), &size), "resize", "terminal")
  }

  /// Hangs up, as when a line is cut; the program ends unless it wants not to.
  public func hangUp() { kill(-program, SIGHUP) }

  /// Ends the program in any case.
  public func end() { kill(-program, SIGKILL) }

  /// Waits for the program's end, and gives its status: 128 and the signal's number where one ended it.
  public func wait() throws -> Int32 { try ProcessRun.wait(for: program) }
}

extension MachineDriver {
  /// Runs a program as root of a machine, in a terminal; see `exec`.
  public func openTerminal(
    machine key: String, infrastructure number: UInt32, process: pid_t, hostname: String, arguments: [String],
    columns: UInt16, rows: UInt16
  ) throws -> MachineTerminal {
    var master: Int32 = -1
    let started = try start(
      machine: key, infrastructure: number, process: process, arguments: arguments,
      environment: ["HOSTNAME": hostname, "TERM": "xterm-256color"], standard: nil, &master)
    switch started {
    case .failure(let error) where error.operation == "exec":
      throw Problem(
        .invalid, "no-such-program", "'\(arguments.first?.excerpt ?? "")' cannot be run in node \(hostname).",
        remedy: "Name a program that is there, such as /bin/sh.")
    case .failure(let error): throw error
    case .success(let program):
      let terminal = MachineTerminal(Descriptor(owning: master), program)
      try terminal.resize(columns: columns, rows: rows)
      return terminal
    }
  }
}
