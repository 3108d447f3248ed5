import Glibc
import Linux

/// A wait that another thread can end; timed by the monotonic clock, which nobody sets.
///
/// Unchecked, because the mutex and the condition are never moved or touched but by pthread functions, and the flag
/// only with the mutex held.
final class Pause: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var isEnded = false

  init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Ends the wait, or the next one if nobody waits.
  func end() {
    pthread_mutex_lock(mutex)
    isEnded = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for `end` or until that many nanoseconds have passed.
  func wait(nanoseconds: UInt64) {
    let end = Clock.monotonic + nanoseconds
    var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    pthread_mutex_lock(mutex)
    while !isEnded, pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT {}
    isEnded = false
    pthread_mutex_unlock(mutex)
  }

  static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}
