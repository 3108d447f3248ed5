import Glibc
import Linux

/// The thread on which a loop runs until it is stopped.
struct ServerThread: Sendable {
  let loop: Loop
  private let thread: pthread_t

  init(_ loop: Loop) throws(SystemError) {
    self.loop = loop
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Loop>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SystemError(operation: "create thread", object: "for a listener", errno: code)
    }
    self.thread = thread
  }

  /// Waits for the thread's end.
  func join() { pthread_join(thread, nil) }
}
