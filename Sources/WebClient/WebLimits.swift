/// What a client takes from a server, and how long it waits for it.
public struct WebLimits: Hashable, Sendable {
  /// The longest time for finding the host, connecting and agreeing on TLS.
  public var connect: Duration
  /// The largest body of a response, in bytes.
  public var responseBytes: Int
  /// The largest head of a response, in bytes.
  public var headBytes: Int
  /// How many times a 307 or 308 to another server is followed, with method, headers and body as they were.
  public var redirects: Int
  /// How many connections wait for their next request.
  public var idleConnections: Int

  /// 5 s to connect, 64 MiB of body, 64 KiB of head, no redirects and 8 idle connections, unless it is said.
  public init(
    connect: Duration = .seconds(5), responseBytes: Int = 64 << 20, headBytes: Int = 64 << 10, redirects: Int = 0,
    idleConnections: Int = 8
  ) {
    self.connect = connect
    self.responseBytes = responseBytes
    self.headBytes = headBytes
    self.redirects = redirects
    self.idleConnections = idleConnections
  }
}

extension Duration {
  /// Whole milliseconds, at least 1, for libcurl, to which 0 means no limit.
  var curlMilliseconds: Int {
    let parts = components
    let whole = parts.seconds.multipliedReportingOverflow(by: 1000)
    if whole.overflow { return Int(Int32.max) }
    return Int(clamping: max(1, min(whole.partialValue + parts.attoseconds / 1_000_000_000_000_000, Int64(Int32.max))))
  }
}
