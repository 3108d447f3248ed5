import CCurl
import CWeb
import Glibc
import Linux
import Quantities

/// Runs any number of transfers on the thread that calls `run`, by epoll(7) and curl_multi_socket_action(3).
///
/// Everything but `wake` belongs to that thread.
final class EventLoop {
  /// Ended transfers go here.
  var onEnd: (Transfer, CURLcode) -> Void = { _, _ in }
  /// Called on the thread after `wake`; true ends the loop.
  var onWake: () -> Bool = { false }

  private let multi: UnsafeMutableRawPointer
  private let poller: Int32
  private let waker: Waker
  private var watched: Set<Int32> = []
  /// When curl wants to be called, in nanoseconds of the monotonic clock.
  private var deadline: UInt64?

  init(waker: Waker) throws {
    self.waker = waker
    try CurlLibrary.prepare()
    guard let multi = curl_multi_init() else { throw WebProblem.library("curl_multi_init", "out of memory") }
    poller = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poller >= 0 else {
      curl_multi_cleanup(multi)
      throw WebProblem.library("epoll_create1", String(cString: strerror(errno)))
    }
    self.multi = multi
    // A connection may belong to a certificate of its own and must not be thrown out by its neighbours.
    _ = cweb_multi_set_number(multi, Int32(CURLMOPT_MAXCONNECTS.rawValue), 16_384)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: waker.descriptor))
    if epoll_ctl(poller, EPOLL_CTL_ADD, waker.descriptor, &event) != 0 {
      throw WebProblem.library("epoll_ctl", String(cString: strerror(errno)))
    }
  }

  deinit {
    curl_multi_cleanup(multi)
    close(poller)
  }

  /// Starts a prepared transfer; whoever calls keeps it alive until `onEnd` or `cancel`.
  func start(_ transfer: Transfer) throws {
    let code = curl_multi_add_handle(multi, transfer.easy)
    if code != CURLM_OK {
      throw WebProblem.library("curl_multi_add_handle", String(cString: curl_multi_strerror(code)))
    }
  }

  /// Ends a transfer without `onEnd`.
  func cancel(_ transfer: Transfer) {
    curl_multi_remove_handle(multi, transfer.easy)
  }

  /// Runs until `onWake` says so.
  func run() {
    _ = cweb_multi_set_callbacks(
      multi, { _, socket, what, context, _ in EventLoop.from(context).watch(socket, what) },
      { _, milliseconds, context in EventLoop.from(context).setTimer(milliseconds) },
      Unmanaged.passUnretained(self).toOpaque())
    defer { _ = cweb_multi_set_callbacks(multi, nil, nil, nil) }
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    var isDone = onWake()
    while !isDone {
      let count = epoll_wait(poller, &events, Int32(events.count), untilDeadline())
      for event in events.prefix(Int(max(0, count))) {
        if event.data.fd == waker.descriptor {
          waker.clear()
          isDone = onWake()
        } else {
          act(event.data.fd, event.events)
        }
      }
      if let deadline, Clock.monotonic >= deadline {
        self.deadline = nil
        act(CURL_SOCKET_TIMEOUT, 0)
      }
      reap()
    }
  }

  private func act(_ socket: Int32, _ events: UInt32) {
    var what: Int32 = 0
    if events & EPOLLIN.rawValue != 0 { what |= CURL_CSELECT_IN }
    if events & EPOLLOUT.rawValue != 0 { what |= CURL_CSELECT_OUT }
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { what |= CURL_CSELECT_ERR }
    var running: Int32 = 0
    curl_multi_socket_action(multi, socket, what, &running)
  }

  private func reap() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      let code = message.pointee.data.result
      curl_multi_remove_handle(multi, easy)
      onEnd(Transfer.from(cweb_get_private(easy)), code)
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> EventLoop {
    guard let context else { preconditionFailure("a multi handle without its loop") }
    return Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue()
  }

  /// CURLMOPT_SOCKETFUNCTION(3).
  private func watch(_ socket: Int32, _ what: Int32) -> Int32 {
    if what == CURL_POLL_REMOVE {
      // The socket may be closed already, and then epoll has forgotten it by itself.
      watched.remove(socket)
      epoll_ctl(poller, EPOLL_CTL_DEL, socket, nil)
      return 0
    }
    var event = epoll_event(events: 0, data: epoll_data_t(fd: socket))
    if what & CURL_POLL_IN != 0 { event.events |= EPOLLIN.rawValue }
    if what & CURL_POLL_OUT != 0 { event.events |= EPOLLOUT.rawValue }
    let isKnown = !watched.insert(socket).inserted
    if epoll_ctl(poller, isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) == 0 { return 0 }
    // A number that was closed and given again, or a second socket of the same connection.
    return epoll_ctl(poller, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
  }

  /// CURLMOPT_TIMERFUNCTION(3): curl must not be called from within.
  private func setTimer(_ milliseconds: Int) -> Int32 {
    deadline = milliseconds < 0 ? nil : Clock.monotonic + UInt64(milliseconds) * 1_000_000
    return 0
  }

  private func untilDeadline() -> Int32 {
    guard let deadline else { return -1 }
    let now = Clock.monotonic
    return deadline <= now ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
  }
}
