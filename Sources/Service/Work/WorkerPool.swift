import Glibc
import Linux
import Quantities

/// A few threads for what takes too long for the server's own, with a queue that does not grow without end.
final class WorkerPool: Sendable {
  typealias Job = @Sendable () -> Void
  /// More jobs than that wait for nobody: the service is too busy.
  static let queued = 256

  /// Sendable unchecked: everything is touched only with `lock` held.
  private final class Queue: @unchecked Sendable {
    var jobs: [Job] = []
    var isStopped = false
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
      pthread_mutex_init(lock, nil)
      pthread_cond_init(changed, nil)
    }

    deinit {
      pthread_cond_destroy(changed)
      pthread_mutex_destroy(lock)
      changed.deallocate()
      lock.deallocate()
    }

    /// The next job; nil at the end.
    func next() -> Job? {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      while jobs.isEmpty, !isStopped { pthread_cond_wait(changed, lock) }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }

    func add(_ job: @escaping Job) -> Bool {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      guard !isStopped, jobs.count < WorkerPool.queued else { return false }
      jobs.append(job)
      pthread_cond_signal(changed)
      return true
    }

    func stop() {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      isStopped = true
      pthread_cond_broadcast(changed)
    }
  }

  private let queue = Queue()
  private let threads: [pthread_t]

  /// Throws a `SystemError` where a thread cannot be made.
  init(threads count: Int) throws {
    var threads: [pthread_t] = []
    for _ in 0..<max(1, count) {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(queue)
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let queue = Unmanaged<Queue>.fromOpaque(argument).takeRetainedValue()
          while let job = queue.next() { job() }
          return nil
        }, argument.toOpaque())
      guard code == 0 else {
        argument.release()
        queue.stop()
        throw SystemError(operation: "create thread", object: "for long work", errno: code)
      }
      threads.append(thread)
    }
    self.threads = threads
  }

  /// Does a job soon, from one of the threads; where too many wait, `orRefuse` is called at once.
  func submit(_ job: @escaping Job, orRefuse: (Problem) -> Void) {
    guard !queue.add(job) else { return }
    orRefuse(
      Problem(
        .failed, "service-busy", "The service has too much to do.", remedy: "Try again in a few seconds."))
  }

  /// Does what waits, and ends. Waits for it.
  func stop() {
    queue.stop()
    for thread in threads { pthread_join(thread, nil) }
  }
}
