import CWeb
import Glibc
import Quantities

/// A thread that runs one closure to its end.
package enum ServiceThread {
  /// Sendable unchecked: made by the starter, touched by the thread alone afterwards.
  private final class Job: @unchecked Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }

    func run() {
      cweb_name_thread(name)
      body()
    }
  }

  /// Starts a thread of that name (at most 15 bytes); nobody waits for its end.
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let job = Unmanaged.passRetained(Job(name, body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, job.toOpaque())
    guard code == 0 else {
      job.release()
      throw WebProblem.library("pthread_create", String(cString: strerror(code)))
    }
    pthread_detach(thread)
  }
}
