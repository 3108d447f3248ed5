import CMicroHTTPD
import Quantities
import Synchronization

/// A request and its answer, shared by the server's thread and whoever answers.
///
/// Sendable unchecked: `shared` stands behind a mutex; everything else is touched by the loop's thread only.
final class Exchange: @unchecked Sendable {
  /// How far the request has come.
  enum Step {
    case headers
    case body
    /// The handler has it; the connection may be suspended.
    case asked
  }

  struct Shared {
    var response: Response?
    /// The connection is suspended until somebody answers.
    var isAwaited = false
    var isAnswered = false
    var isGone = false
    var goneHandlers: [@Sendable () -> Void] = []
  }

  let loop: Loop
  let shared = Mutex(Shared())

  /// The first line's target as it came.
  let target: [UInt8]
  var step = Step.headers
  var body: [UInt8] = []
  /// The answer's body stays away.
  var isHead = false
  var headerBytes: [UInt8] = []
  var readTarget: RequestTarget?
  /// What is being written, where the answer is a stream.
  var stream: EventStream?
  /// Until the exchange is over.
  var connection: Connection?

  init(loop: Loop, connection: Connection, target: [UInt8]) {
    (self.loop, self.connection, self.target) = (loop, connection, target)
  }

  /// Keeps an answer for the server's thread, the first one only. From any thread.
  func answer(_ response: Response) {
    let (isTaken, wakes) = shared.withLock { shared in
      guard !shared.isAnswered, !shared.isGone else { return (false, false) }
      shared.isAnswered = true
      shared.response = response
      defer { shared.isAwaited = false }
      return (true, shared.isAwaited)
    }
    if wakes { loop.post(.resume(self)) }
    if !isTaken, case .stream(let stream) = response.body { stream.close() }
  }

  /// Takes the answer, or notes that the connection waits for it. On the server's thread.
  func takeAnswer() -> Response? {
    shared.withLock { shared in
      defer { shared.response = nil }
      if !shared.isAnswered { shared.isAwaited = true }
      return shared.response
    }
  }

  /// The client has gone, or has all it gets. On the server's thread.
  func end(isGone: Bool) {
    let (response, handlers) = shared.withLock { shared in
      defer { (shared.response, shared.goneHandlers, shared.isAwaited) = (nil, [], false) }
      guard isGone, !shared.isGone else { return (shared.response, [@Sendable () -> Void]()) }
      shared.isGone = true
      return (shared.response, shared.goneHandlers)
    }
    if case .stream(let stream)? = response?.body { stream.close() }
    for handler in handlers { handler() }
  }

  func onGone(_ handler: @escaping @Sendable () -> Void) {
    let isGone = shared.withLock { shared in
      if !shared.isGone { shared.goneHandlers.append(handler) }
      return shared.isGone
    }
    if isGone { handler() }
  }
}
