import Glibc

/// Lets one thread at a time through (pthread_mutex_lock(3)).
///
/// `Mutex` of the standard library would ask that results be `Sendable`; these need only leave the closure.
/// Unchecked, because the mutex is never moved or touched but by pthread functions.
final class Turn: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    var kind = pthread_mutexattr_t()
    pthread_mutexattr_init(&kind)
    // Answers EDEADLK where a transaction is started within another, instead of waiting for ever.
    pthread_mutexattr_settype(&kind, Int32(PTHREAD_MUTEX_ERRORCHECK))
    pthread_mutex_init(mutex, &kind)
    pthread_mutexattr_destroy(&kind)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func take<Result>(_ body: () throws -> Result) rethrows -> Result {
    let code = pthread_mutex_lock(mutex)
    precondition(code == 0, "a transaction was started within another one")
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
