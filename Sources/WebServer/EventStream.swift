import Synchronization

/// A body that is written while the client reads it, such as server-sent events.
///
/// May be written before it is sent and from any thread. What the client has not read waits in a buffer of
/// `Limits.streamBytes`; a client that lets it run over is cut off.
public final class EventStream: Sendable {
  private struct State {
    var buffer: [UInt8] = []
    /// Where in `buffer` the unsent bytes begin.
    var start = 0
    var capacity = 1 << 20
    var isFinished = false
    /// Nothing more is taken.
    var isClosed = false
    /// The close handlers have run.
    var isDone = false
    /// The server waits for bytes, its connection suspended.
    var isParked = false
    var exchange: Exchange?
    var closeHandlers: [@Sendable () -> Void] = []
  }

  /// What the server's reader finds.
  enum Reading {
    case bytes(Int)
    case end
    case broken
    case nothing
  }

  private let state = Mutex(State())

  /// An open stream that is not sent yet.
  public init() {}

  /// Whether the stream has ended: finished and read to its end, or the client is gone, or was cut off.
  public var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Queues bytes for the client; never blocks.
  ///
  /// - Returns: false where nothing can be sent any more: after `finish()`, or the client is gone or was cut off
  ///   because it does not read.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    let (isTaken, post) = state.withLock { state -> (Bool, Message?) in
      guard !state.isClosed, !state.isFinished else { return (false, nil) }
      guard state.buffer.count - state.start + bytes.count <= state.capacity else {
        state.isClosed = true
        state.buffer = []
        return (false, state.exchange.map { .cut($0) })
      }
      if state.start > 0, state.start == state.buffer.count {
        state.buffer.removeAll(keepingCapacity: true)
        state.start = 0
      }
      state.buffer += bytes
      return (true, Self.unpark(&state))
    }
    if let post { post.exchange.loop.post(post) }
    return isTaken
  }

  /// Ends the stream once everything that was written has been sent.
  public func finish() {
    let post = state.withLock { state -> Message? in
      state.isFinished = true
      return Self.unpark(&state)
    }
    if let post { post.exchange.loop.post(post) }
  }

  /// Calls `handler` once when the stream ends in whatever way; at once where it has. On the server's thread, which
  /// must not be blocked.
  public func onClose(_ handler: @escaping @Sendable () -> Void) {
    let isClosed = state.withLock { state in
      if !state.isDone { state.closeHandlers.append(handler) }
      return state.isDone
    }
    if isClosed { handler() }
  }

  private static func unpark(_ state: inout State) -> Message? {
    guard state.isParked, let exchange = state.exchange else { return nil }
    state.isParked = false
    return .resume(exchange)
  }
}

/// What the server does with a stream, on its thread.
extension EventStream {
  /// Binds the stream to the request it answers; false where it answers one already.
  func attach(to exchange: Exchange, capacity: Int) -> Bool {
    state.withLock { state in
      guard state.exchange == nil, !state.isClosed else { return false }
      state.exchange = exchange
      state.capacity = capacity
      return true
    }
  }

  /// Takes bytes that wait; where there are none, the next write posts a message, and the caller must suspend.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    state.withLock { state in
      let count = min(buffer.count, state.buffer.count - state.start)
      guard count > 0 else {
        if state.isClosed { return .broken }
        if state.isFinished { return .end }
        state.isParked = true
        return .nothing
      }
      state.buffer.withUnsafeBytes { bytes in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[state.start..<(state.start + count)]))
      }
      state.start += count
      if state.start == state.buffer.count, state.buffer.capacity > 1 << 16 { (state.buffer, state.start) = ([], 0) }
      return .bytes(count)
    }
  }

  /// The end: the client has everything, or is gone.
  func close() {
    let handlers = state.withLock { state in
      (state.isClosed, state.isDone, state.isParked, state.exchange) = (true, true, false, nil)
      (state.buffer, state.start) = ([], 0)
      defer { state.closeHandlers = [] }
      return state.closeHandlers
    }
    for handler in handlers { handler() }
  }
}
