import Glibc

/// One long-lived thread of the process that runs closures one after the other.
///
/// Its namespaces may differ from those of the other threads, and so it never runs Swift concurrency.
final class DedicatedThread: Sendable {
  /// A closure and the semaphore on which its caller waits.
  ///
  /// Sendable unchecked: the caller blocks until the thread is done with it, so that the two never touch
  /// it at once; the semaphore orders their accesses.
  private final class Job: @unchecked Sendable {
    private var body: (() -> Void)?
    let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    init(_ body: @escaping () -> Void) {
      self.body = body
      sem_init(done, 0, 0)
    }

    /// Runs the closure and lets go of it before the caller goes on: it must not outlive the caller's frame.
    func run() {
      body?()
      body = nil
      sem_post(done)
    }

    deinit {
      sem_destroy(done)
      done.deallocate()
    }
  }

  /// Sendable unchecked: `jobs` and `thread` are touched only with `lock` held.
  private final class Queue: @unchecked Sendable {
    var jobs: [Job] = []
    var thread: pthread_t?
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    init() {
      pthread_mutex_init(lock, nil)
      pthread_cond_init(filled, nil)
    }
    deinit {
      pthread_cond_destroy(filled)
      pthread_mutex_destroy(lock)
      filled.deallocate()
      lock.deallocate()
    }

    func next() -> Job {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      while jobs.isEmpty { pthread_cond_wait(filled, lock) }
      return jobs.removeFirst()
    }
  }

  private let queue = Queue()

  /// Runs `body` on the thread and waits for it; on the thread itself, runs it at once.
  func run<Value>(_ body: () throws -> Value) throws -> Value {
    let isHere = try start()
    if isHere { return try body() }
    var result: Result<Value, any Error>?
    withoutActuallyEscaping(
      { result = Result(catching: body) },
      do: { work in
        let job = Job(work)
        pthread_mutex_lock(queue.lock)
        queue.jobs.append(job)
        pthread_cond_signal(queue.filled)
        pthread_mutex_unlock(queue.lock)
        while sem_wait(job.done) != 0 {}  // EINTR is sem_wait's only error on a valid semaphore
      })
    guard let result else { preconditionFailure("the dedicated thread lost a job") }
    return try result.get()
  }

  /// Starts the thread at first use; true where the caller is that thread.
  private func start() throws(SystemError) -> Bool {
    pthread_mutex_lock(queue.lock)
    defer { pthread_mutex_unlock(queue.lock) }
    if let thread = queue.thread { return pthread_equal(thread, pthread_self()) != 0 }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(queue)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let queue = Unmanaged<Queue>.fromOpaque(argument).takeRetainedValue()
        while true { queue.next().run() }
      }, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw SystemError(operation: "create thread", object: "for namespaces", errno: code)
    }
    queue.thread = thread
    return false
  }
}
