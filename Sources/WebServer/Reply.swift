/// The way back to the client of one request. Keep it as long as the answer takes: where it is let go of without
/// one, the client gets 500 `no-answer`.
public final class Reply: Sendable {
  private let exchange: Exchange

  init(_ exchange: Exchange) { self.exchange = exchange }

  deinit { exchange.answer(exchange.loop.response(to: .noAnswer)) }

  /// Sends the answer, from any thread, at once or later; only the first one counts.
  public func send(_ response: Response) { exchange.answer(response) }

  /// The client has closed the connection, or its sending half, before it had the whole answer. Noticed within about
  /// a second.
  public var isGone: Bool { exchange.shared.withLock { $0.isGone } }

  /// Calls `handler` once if the client leaves before it has the whole answer; at once where it has left. On the
  /// server's thread, which must not be blocked.
  public func onGone(_ handler: @escaping @Sendable () -> Void) { exchange.onGone(handler) }
}
