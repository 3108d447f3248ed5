import Glibc
import Synchronization

/// What people and managers tell a process by SIGTERM, SIGINT and SIGHUP, as a descriptor, for as long as the value
/// lives.
///
/// By handlers and not by blocked signals (signalfd(2)): those would have to be blocked in every thread, and the
/// runtime has begun its threads already. One value at a time.
public final class ProcessSignals {
  /// What a service is asked for.
  public enum Wish: Hashable, Sendable {
    /// SIGTERM and SIGINT: to end.
    case end
    /// SIGHUP: to read its configuration again.
    case reload
  }

  /// Readable once any of them came, until `wait` has taken it.
  public var descriptor: Int32 { reader.rawValue }
  private let reader: Descriptor
  private let writer: Descriptor
  private var before: [(signal: Int32, action: sigaction)] = []

  /// Takes the signals over. Throws where no pipe can be made.
  public init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try check(pipe(&ends), "make pipe", "signals")
    reader = Descriptor(owning: ends[0])
    writer = Descriptor(owning: ends[1])
    for end in ends {
      try check(fcntl(end, F_SETFD, FD_CLOEXEC), "make pipe", "signals")
      try check(fcntl(end, F_SETFL, O_NONBLOCK), "make pipe", "signals")
    }
    bell.store(writer.rawValue, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      var old = sigaction()
      action.__sigaction_handler.sa_handler = ring
      action.sa_flags = SA_RESTART
      try check(sigaction(number, &action, &old), "handle signal", "\(number)")
      before.append((number, old))
    }
  }

  deinit {
    for (number, old) in before {
      var old = old
      // What was in force before is valid.
      _ = sigaction(number, &old, nil)
    }
    bell.store(-1, ordering: .sequentiallyConsistent)
  }

  /// Has whoever waits go on, as a signal to end would; from any thread.
  public static func end() { ring(SIGTERM) }

  /// Waits up to a time in milliseconds, -1 for ever; nil where nothing came.
  public func wait(milliseconds: Int32) throws(SystemError) -> Wish? {
    var watched = pollfd(fd: reader.rawValue, events: Int16(POLLIN), revents: 0)
    let count = poll(&watched, 1, milliseconds)
    if count < 0, errno == EINTR { return nil }
    guard try check(count, "wait for", "signals") > 0 else { return nil }
    var number: UInt8 = 0
    guard read(reader.rawValue, &number, 1) == 1 else { return nil }
    return number == UInt8(SIGHUP) ? .reload : .end
  }
}

/// Where the handler writes; -1 is nowhere.
private let bell = Atomic<Int32>(-1)

/// The handler: nothing but what signal-safety(7) allows.
private func ring(_ signal: Int32) {
  let code = errno
  var number = UInt8(truncatingIfNeeded: signal)
  _ = write(bell.load(ordering: .sequentiallyConsistent), &number, 1)
  errno = code
}
