import CMicroHTTPD
import CWeb
import Glibc
import Linux
import Quantities

/// The thread of one listener: it accepts, runs libmicrohttpd, and watches over time.
///
/// libmicrohttpd has neither a thread nor a listening socket here: the loop hands it connections and runs it when
/// one of them is ready. So every callback, every connection and every timer lives on one thread, without locks.
///
/// Sendable unchecked: other threads touch `mailbox`, `limits` and `refuse` only, which are Sendable; the rest
/// belongs to the thread, once `run()` has begun.
final class Loop: @unchecked Sendable {
  /// What the loop's epoll reports; other numbers are connections'.
  enum Token {
    static let mailbox: UInt64 = 0
    static let listener: UInt64 = 1
    static let daemon: UInt64 = 2
  }

  /// Milliseconds between two looks at every connection's time.
  static let sweepPeriod: Int64 = 500

  let limits: Limits
  let handler: @Sendable (Request, Reply) -> Void
  let refuse: @Sendable (Int, Problem) -> Response
  let mailbox: Mailbox
  let isTLS: Bool
  let port: UInt16

  var listening: ListeningSocket?
  var epoll: Descriptor
  var daemon: OpaquePointer?
  /// What libmicrohttpd was started with.
  private let options = UnsafeMutablePointer<web_server_options>.allocate(capacity: 1)
  /// The connection whose first line came last.
  weak var latest: Connection?
  /// With what sessions are sealed that clients take up again; nil without TLS.
  let tickets: TicketKey?
  var connections: [UInt64: Connection] = [:]
  /// Those of them whose first request has not begun: they may be in the midst of their handshake.
  var unaskedCount = 0
  /// Rounds since something came.
  private var idleRounds = 0
  /// Sockets that stay open for a moment after their connection, by its number.
  var lingering: [UInt64: Lingering] = [:]
  var countsByOrigin: [String: Int] = [:]
  /// The connection that libmicrohttpd is being told of.
  var joining: Connection?
  /// Room for one request's headers.
  let scratch: UnsafeMutableBufferPointer<CChar>
  /// Milliseconds, as of the last time something happened.
  var now = Loop.milliseconds()
  var nextSweep: Int64 = 0
  /// Nothing is accepted before: descriptors had run out.
  var acceptsAgainAt: Int64?
  /// Requests under way may take until then; nil while the server is in service.
  var drainsUntil: Int64?

  init(
    _ listener: Listener, limits: Limits, refuse: @escaping @Sendable (Int, Problem) -> Response,
    handler: @escaping @Sendable (Request, Reply) -> Void
  ) throws {
    let identity = try listener.identity.map { identity throws(Problem) in try LoadedIdentity(identity) }
    let listening = try ListeningSocket(listener)
    (self.limits, self.handler, self.refuse) = (limits, handler, refuse)
    (isTLS, port) = (identity != nil, listening.port)
    tickets = identity == nil ? nil : try TicketKey()
    mailbox = try Mailbox(identity: identity)
    epoll = Descriptor(owning: try check(epoll_create1(Int32(EPOLL_CLOEXEC)), "make", "epoll"))
    scratch = .allocate(capacity: limits.headerBytes + 1024)
    self.listening = consume listening
  }

  /// Without having run, it leaves nothing either.
  deinit {
    if let daemon { MHD_stop_daemon(daemon) }
    if let listening = listening.take() { listening.close() }
    scratch.deallocate()
    options.deallocate()
  }

  static func milliseconds() -> Int64 { Int64(Clock.monotonic / 1_000_000) }

  /// An answer of the server's own.
  func response(to refusal: Refusal) -> Response { refuse(refusal.status, refusal.problem) }

  func post(_ message: Message) { mailbox.post(message) }

  /// Starts libmicrohttpd; before `run()`.
  func prepare() throws {
    var options = web_server_options()
    options.tls = isTLS
    options.connection_memory = limits.headerBytes + 8192
    // The loop counts for itself and says so to those who are too many.
    options.connection_limit = UInt32(clamping: limits.connections + 64)
    options.timeout_seconds = UInt32(clamping: limits.idleSeconds)
    options.context = Unmanaged.passUnretained(self).toOpaque()
    Self.set(&options)
    self.options.initialize(to: options)
    guard let daemon = web_server_start(self.options) else {
      throw SystemError(operation: "start", object: "libmicrohttpd", errno: errno)
    }
    self.daemon = daemon
    try watch(mailbox.descriptor, EPOLLIN, Token.mailbox)
    try watch(web_server_epoll(daemon), EPOLLIN, Token.daemon)
    try watch(listening?.descriptor.rawValue ?? -1, EPOLLIN, Token.listener)
  }

  private func watch(_ descriptor: Int32, _ events: EPOLL_EVENTS, _ token: UInt64) throws(SystemError) {
    var event = epoll_event(events: events.rawValue, data: epoll_data(u64: token))
    try check(epoll_ctl(epoll.rawValue, EPOLL_CTL_ADD, descriptor, &event), "watch", "descriptor \(descriptor)")
  }

  /// Serves until the mailbox is stopped and the requests under way are answered, or out of time.
  func run() {
    web_server_name_thread(port == 0 ? "web unix" : "web \(port)")
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
      while !isOver {
        let count = epoll_wait(epoll.rawValue, events.baseAddress, Int32(events.count), timeout)
        now = Self.milliseconds()
        idleRounds = count > 0 ? 0 : idleRounds + 1
        // A signal (EINTR) brings no events, and needs none.
        for index in 0..<Int(max(0, count)) { take(events[index]) }
        sweepIfDue()
        MHD_run(daemon)
      }
    }
    end()
  }

  private var timeout: Int32 {
    let daemonsOwn = daemonsTimeout
    let isWatchful = !connections.isEmpty || !lingering.isEmpty || acceptsAgainAt != nil || drainsUntil != nil
    let own = isWatchful ? max(0, nextSweep - Self.milliseconds()) : -1
    if own < 0 { return Int32(daemonsOwn) }
    return Int32(daemonsOwn < 0 ? own : min(own, daemonsOwn))
  }

  /// libmicrohttpd (0.9.75) takes a connection in the midst of its TLS handshake for one that can always be read: a
  /// client that does not go on would keep a processor busy, and a thousand that do would wait for that. So where
  /// nothing comes, it looks again after a while only; what comes ends the wait.
  private var daemonsTimeout: Int64 {
    let wanted = web_server_timeout(daemon)
    guard wanted == 0, isTLS, unaskedCount > 0, idleRounds > 8 else { return wanted }
    return Int64(max(2, min(50, unaskedCount / 100)))
  }

  private var isOver: Bool {
    guard let drainsUntil else { return false }
    return connections.isEmpty || now >= drainsUntil
  }

  private func take(_ event: epoll_event) {
    switch event.data.u64 {
    case Token.mailbox: readMail()
    case Token.listener: acceptConnections()
    case Token.daemon: break
    case let number:
      if let connection = connections[number] { noticed(connection, event.events) } else { drain(number) }
    }
  }

  private func readMail() {
    for message in mailbox.take() {
      guard let connection = message.exchange.connection else { continue }
      if case .cut = message { connection.dismiss() }
      resume(connection)
    }
    if mailbox.isStopped, drainsUntil == nil { beginDraining() }
  }
}
