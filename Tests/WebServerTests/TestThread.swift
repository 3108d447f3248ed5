import Glibc
import Linux

/// A thread that runs a closure.
struct TestThread {
  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        argument.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    guard code == 0 else { throw SystemError(operation: "create", object: "thread", errno: code) }
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
