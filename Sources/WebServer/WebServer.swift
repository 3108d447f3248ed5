import Glibc
import Linux
import Quantities
import Synchronization

/// An HTTP/1.1 server, plain and with TLS 1.3, on libmicrohttpd and GnuTLS.
///
/// Each listener has one thread, which calls the handler with every whole request. The handler must not block that
/// thread; it answers at once, or keeps the `Reply` and answers later from any thread.
public final class WebServer: Sendable {
  /// What makes the body of an answer that the server gives by itself, from its status.
  public typealias Refuse = @Sendable (_ status: Int, _ problem: Problem) -> Response

  private let loops: [Loop]
  private let threads: Mutex<[ServerThread]>

  /// Starts to serve.
  ///
  /// - Parameters:
  ///   - refuse: makes the answer to a request that never reaches the handler, or gets no answer from it.
  ///   - handler: called on the listener's thread, with what answers.
  /// - Throws: a `Problem` where a listener cannot listen or an identity cannot be read; nothing is left then.
  public init(
    listeners: [Listener], limits: Limits = Limits(),
    refuse: @escaping Refuse = { Response(status: $0, problem: $1) },
    handler: @escaping @Sendable (Request, Reply) -> Void
  ) throws(Problem) {
    do {
      loops = try listeners.map { listener in
        try Loop(listener, limits: limits, refuse: refuse, handler: handler)
      }
      threads = Mutex([])
      try start()
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(
        .failed, "cannot-serve", "The server cannot start: \(error).", remedy: "See the system's limits and log.")
    }
  }

  deinit { stop() }

  private func start() throws {
    do {
      for loop in loops { try loop.prepare() }
      for loop in loops {
        let thread = try ServerThread(loop)
        threads.withLock { $0.append(thread) }
      }
    } catch {
      stop()
      throw error
    }
  }

  /// The listeners' ports in order; 0 for a Unix socket.
  public var ports: [UInt16] { loops.map(\.port) }

  /// Shows another identity to clients that connect from now on, on every listener that has one.
  public func replace(identity: TLSIdentity) throws(Problem) {
    let loaded = try LoadedIdentity(identity)
    for loop in loops where loop.isTLS { loop.mailbox.replace(loaded) }
  }

  /// Accepts nobody any more, lets requests under way be answered (`Limits.drainSeconds`), closes every connection,
  /// and removes the Unix sockets. Waits for that; again, does nothing. Not from the handler's thread.
  public func stop() {
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { thread.loop.mailbox.stop() }
    for thread in threads { thread.join() }
  }
}
