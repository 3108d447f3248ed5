import CLinux
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as a descriptor that becomes readable, for as long as the value lives.
///
/// By handlers and not by blocked signals (signalfd(2)): those would have to be blocked in every thread, and
/// the runtime has begun its threads already. One value at a time.
public final class StopSignals {
  /// Readable once somebody wants an end.
  public var descriptor: Int32 { event.rawValue }
  private let event: Descriptor
  private var before: [(signal: Int32, action: sigaction)] = []

  /// Takes the signals over.
  public init() throws(SystemError) {
    event = Descriptor(owning: try check(eventfd(0, Int32(EFD_CLOEXEC)), "wait for", "signals"))
    bell.store(event.rawValue, ordering: .sequentiallyConsistent)
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
}

/// Where the handler writes; -1 is nowhere.
private let bell = Atomic<Int32>(-1)

/// The handler: nothing but what signal-safety(7) allows.
private func ring(_ signal: Int32) {
  let code = errno
  var one: UInt64 = 1
  _ = write(bell.load(ordering: .sequentiallyConsistent), &one, 8)
  errno = code
}
