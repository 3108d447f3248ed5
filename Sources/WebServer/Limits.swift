import Glibc

/// What a server lets clients use up.
public struct Limits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var bodyBytes = 4 << 20
  /// Bytes of a request's first line and headers; a few KiB more are set aside a connection.
  public var headerBytes = 16 << 10
  /// Connections of one listener. Each takes a descriptor, of which a process often has 1,024 (`allowDescriptors()`).
  public var connections = 12_000
  /// Connections of one address (TCP) or one user (Unix) to one listener.
  public var connectionsOfOnePeer = 4_000
  /// Seconds until a connection is closed on which nothing happens.
  public var idleSeconds = 120
  /// Seconds until a whole request must have arrived, its TLS handshake with it.
  public var requestSeconds = 30
  /// Bytes of a stream that may wait for the client to read them.
  public var streamBytes = 1 << 20
  /// Seconds that `WebServer.stop()` gives to requests under way.
  public var drainSeconds = 5

  /// The usual limits.
  public init() {}

  /// Allows this process as many descriptors as its connections need (`RLIMIT_NOFILE`, getrlimit(2)), or as many as it
  /// may have.
  ///
  /// - Parameter others: descriptors that are needed for something else.
  /// - Returns: how many it has now.
  @discardableResult
  public func allowDescriptors(others: Int = 1024) -> Int {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0 else { return 0 }
    let wanted = rlim_t(clamping: connections + others)
    if limit.rlim_cur >= wanted { return Int(clamping: limit.rlim_cur) }
    var wider = rlimit(rlim_cur: wanted, rlim_max: max(limit.rlim_max, wanted))
    if setrlimit(kind, &wider) == 0 { return Int(clamping: wanted) }
    // Only privileged processes get more than the hard limit.
    limit.rlim_cur = limit.rlim_max
    return setrlimit(kind, &limit) == 0 ? Int(clamping: limit.rlim_max) : 0
  }
}
