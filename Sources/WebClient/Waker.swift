import CWeb
import Glibc

/// Ends another thread's wait in epoll(7) by an eventfd(2).
final class Waker: Sendable {
  let descriptor: Int32

  init() throws {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    if descriptor < 0 { throw WebProblem.library("eventfd", String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

  /// Any thread.
  func wake() {
    // Fails only where the counter is full, and then the waker is awake already.
    eventfd_write(descriptor, 1)
  }

  func clear() {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
  }
}
