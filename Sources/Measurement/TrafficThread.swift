import CTraffic
import Glibc
import Linux
import Synchronization

/// A thread that runs one loop and hands over what it found.
///
/// Loops block: they must not run on the threads of Swift concurrency.
final class TrafficThread<Value: Sendable>: Sendable {
  fileprivate final class Work: Sendable {
    let body: @Sendable () throws -> Value
    let outcome = Mutex<Result<Value, any Error>?>(nil)
    init(_ body: @escaping @Sendable () throws -> Value) { self.body = body }
  }

  private let work: Work
  private let thread: pthread_t
  private let isJoined = Mutex(false)

  /// Starts at once.
  init(_ body: @escaping @Sendable () throws -> Value) throws(SystemError) {
    work = Work(body)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(work as AnyObject)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<AnyObject>.fromOpaque(argument).takeRetainedValue()
        (work as? any Startable)?.run()
        return nil
      }, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SystemError(operation: "create thread", object: "for traffic", errno: code)
    }
    self.thread = thread
  }

  /// Waits for its end.
  func join() throws -> Value {
    wait()
    guard let outcome = work.outcome.withLock({ $0 }) else { preconditionFailure("a thread ended without a word") }
    return try outcome.get()
  }

  private func wait() {
    isJoined.withLock { isJoined in
      if !isJoined { pthread_join(thread, nil) }
      isJoined = true
    }
  }

  deinit { wait() }
}

/// What the C entry point of a thread can call, whatever the thread's value is.
private protocol Startable: AnyObject { func run() }

extension TrafficThread.Work: Startable {
  fileprivate func run() {
    let result = Result { try body() }
    outcome.withLock { $0 = result }
  }
}

/// Ends the loops that poll it.
///
/// Sendable unchecked: the flag is written and read with atomic instructions only (`ct_raise`).
final class StopFlag: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Int32>

  init() {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: 0)
  }

  func raise() { ct_raise(pointer) }
  var isRaised: Bool { ct_is_raised(pointer) != 0 }

  deinit { pointer.deallocate() }
}
