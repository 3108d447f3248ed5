/// What a server lets clients use up.
public struct Limits: Hashable, Sendable {
  /// Bytes of a request's body.
  public var bodyBytes = 4 << 20
  /// Bytes of a request's first line and headers; a few KiB more are set aside a connection.
  public var headerBytes = 16 << 10
  /// Connections of one listener.
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

  public init() {}
}
