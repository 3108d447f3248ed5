import CWeb
import Glibc
import Linux
import Synchronization

/// What other threads want of a server's thread.
enum Message: Sendable {
  /// There is an answer, or something to write.
  case resume(Exchange)
  /// The client does not read: cut it off.
  case cut(Exchange)

  var exchange: Exchange {
    switch self {
    case .resume(let exchange), .cut(let exchange): exchange
    }
  }
}

/// Messages to a thread that sleeps in `epoll_wait(2)`.
final class Mailbox: Sendable {
  private struct State: ~Copyable {
    var messages: [Message] = []
    var isStopped = false
    var identity: LoadedIdentity?
    /// Readable while there are messages; nil once nobody reads them any more.
    var event: Descriptor?
  }

  private let state: Mutex<State>
  /// What the thread waits on, as long as the mailbox is open.
  let descriptor: Int32

  init(identity: LoadedIdentity?) throws(SystemError) {
    let event = Descriptor(owning: try check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "make", "event"))
    descriptor = event.rawValue
    state = Mutex(State(identity: identity, event: consume event))
  }

  var identity: LoadedIdentity? { state.withLock { $0.identity } }
  var isStopped: Bool { state.withLock { $0.isStopped } }

  func post(_ message: Message) {
    state.withLock { state in
      guard state.event != nil else { return }
      state.messages.append(message)
      if state.messages.count == 1 { Self.wake(&state) }
    }
  }

  func stop() {
    state.withLock { state in
      state.isStopped = true
      Self.wake(&state)
    }
  }

  func replace(_ identity: LoadedIdentity) { state.withLock { $0.identity = identity } }

  /// Takes all messages. On the receiving thread.
  func take() -> [Message] {
    var count: UInt64 = 0
    // Empty already is fine: the messages themselves decide.
    _ = read(descriptor, &count, MemoryLayout.size(ofValue: count))
    return state.withLock { state in
      let messages = state.messages
      state.messages = []
      return messages
    }
  }

  /// Takes no more messages. On the receiving thread, which reads no more.
  func close() {
    state.withLock { state in
      state.event = nil
      state.messages = []
    }
  }

  private static func wake(_ state: inout State) {
    guard let event = state.event.take() else { return }
    var one: UInt64 = 1
    // A counter that is full wakes as well.
    _ = write(event.rawValue, &one, MemoryLayout.size(ofValue: one))
    state.event = consume event
  }
}
