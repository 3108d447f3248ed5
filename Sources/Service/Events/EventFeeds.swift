import Glibc
import Linux
import Synchronization
import WebServer

/// Every stream of server-sent events that is open: kept alive, and ended with the service.
final class EventFeeds: Sendable {
  /// Seconds between two comments on a stream on which nothing happens: proxies close what is silent for longer.
  static let heartbeat: UInt64 = 15
  private static let comment = Array(": alive\n\n".utf8)

  private struct State: Sendable {
    var streams: [UInt64: EventStream] = [:]
    var last: UInt64 = 0
    var isStopped = false
    var thread: pthread_t?
  }

  private let state = Mutex(State())

  /// Keeps a stream until it is closed.
  func add(_ stream: EventStream) {
    let number = state.withLock { state -> UInt64? in
      guard !state.isStopped else { return nil }
      state.last += 1
      state.streams[state.last] = stream
      return state.last
    }
    guard let number else { return stream.finish() }
    stream.onClose { [weak self] in self?.state.withLock { $0.streams[number] = nil } }
  }

  var count: Int { state.withLock { $0.streams.count } }

  /// Starts to send comments.
  func start() {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<EventFeeds>.fromOpaque(argument).takeRetainedValue().beat()
        return nil
      }, argument.toOpaque())
    guard code == 0 else { return argument.release() }
    state.withLock { $0.thread = thread }
  }

  private func beat() {
    var next = Clock.monotonic + Self.heartbeat * 1_000_000_000
    while !state.withLock({ $0.isStopped }) {
      usleep(100_000)
      guard Clock.monotonic >= next else { continue }
      next = Clock.monotonic + Self.heartbeat * 1_000_000_000
      // A stream that is full is cut off by itself.
      for stream in state.withLock({ Array($0.streams.values) }) { stream.write(Self.comment) }
    }
  }

  /// Ends every stream, and takes no more.
  func stop() {
    let (streams, thread) = state.withLock { state -> ([EventStream], pthread_t?) in
      state.isStopped = true
      defer { (state.streams, state.thread) = ([:], nil) }
      return (Array(state.streams.values), state.thread)
    }
    for stream in streams { stream.finish() }
    if let thread { pthread_join(thread, nil) }
  }
}
