import Quantities
import Synchronization

/// Talks HTTP/1.1 with one server over connections that stay open; each call blocks its thread.
///
/// Safe to use from any thread; as many requests run at once as threads ask. HTTPS is TLS 1.3 at least. Proxies of the
/// environment are not used, redirects are not followed unless `WebLimits.redirects` says so. A request on a kept
/// connection that the server had just closed is sent again on a new one; nothing else is ever sent twice.
public final class WebClient: Sendable {
  /// The server.
  public let endpoint: Endpoint
  private let server: Server
  private let idle = Mutex<[Channel]>([])

  /// A client of `base`; `tls` counts for HTTPS only. Nothing is sent yet. Throws `Problem` `endpoint-invalid`.
  public init(base: Endpoint, tls: ClientTLS? = nil, limits: WebLimits = WebLimits()) throws {
    endpoint = base
    server = try Server(base, tls, limits)
    try CurlLibrary.prepare()
  }

  /// Sends a request and waits for the whole answer, whatever its status.
  ///
  /// Throws `Problem` that names the URL and the cause: `server-…`, `tls-files-unusable`, `request-invalid`,
  /// `interrupted`.
  public func send(_ request: WebRequest, interrupt: Interrupt? = nil) throws -> WebResponse {
    let ended = try exchange(request, interrupt)
    guard let response = ended.response else { throw WebProblem.interrupted(ended.url) }
    return response
  }

  /// The same, with the parts of the request apart.
  public func send(
    _ method: String, _ path: String, headers: [WebHeader] = [], body: [UInt8]? = nil,
    timeout: Duration? = .seconds(30), interrupt: Interrupt? = nil
  ) throws -> WebResponse {
    try send(WebRequest(method, path, headers: headers, body: body, timeout: timeout), interrupt: interrupt)
  }

  /// Sends a request and gives the body of its answer to `onBytes` as it comes, on the calling thread.
  ///
  /// Returns when the server has ended the answer, `onBytes` returned false, or `interrupt` was fired; the response's
  /// body is empty then (its status 0 where the interruption came before the head). An answer whose status is not 2xx
  /// is collected and returned instead. `onHead` is called once, before the first bytes. `request.timeout` counts for
  /// the whole stream (nil: none), `silence` for the time without a byte. Throws as `send`.
  public func stream(
    _ request: WebRequest, silence: Duration? = nil, interrupt: Interrupt? = nil,
    onHead: ((WebResponse) -> Void)? = nil, onBytes: @escaping ([UInt8]) -> Bool
  ) throws -> WebResponse {
    let ended = try exchange(request, interrupt, silence: silence, onHead: onHead, receiver: onBytes)
    return ended.response ?? ended.partial
  }

  private struct Ended {
    var url: String
    /// Nil where it was interrupted.
    var response: WebResponse?
    var partial: WebResponse
  }

  private func exchange(
    _ request: WebRequest, _ interrupt: Interrupt?, silence: Duration? = nil,
    onHead: ((WebResponse) -> Void)? = nil, receiver: Transfer.Receiver? = nil
  ) throws -> Ended {
    try request.check()
    let channel = try takeChannel()
    var redirection = Redirection(server, server.prefix + request.path)
    while true {
      try channel.transfer.prepare(
        request, url: redirection.url, server: redirection.server, onHead: onHead, receiver: receiver)
      // A channel whose run threw is not given back: its connections are in an unknown state.
      guard let code = try channel.run(interrupt, silence: silence) else {
        return Ended(url: redirection.url, response: nil, partial: channel.transfer.response)
      }
      let result = Result { try channel.transfer.finish(code) }
      if case .success(let response) = result, try redirection.follow(response) { continue }
      giveBack(channel)
      return Ended(url: redirection.url, response: try result.get(), partial: WebResponse(status: 0))
    }
  }

  private func takeChannel() throws -> Channel {
    if let channel = idle.withLock({ $0.popLast() }) { return channel }
    return try Channel()
  }

  private func giveBack(_ channel: Channel) {
    idle.withLock { if $0.count < server.limits.idleConnections { $0.append(channel) } }
  }
}
