/// Where a server waits for clients.
public enum Listener: Sendable {
  /// A Unix socket at `path`, made with the permissions `mode`. One that a dead server left is replaced.
  case unix(path: String, mode: UInt16)
  /// A numeric IPv4 or IPv6 address; port 0 takes a free one (`WebServer.ports`).
  case tcp(address: String, port: UInt16, tls: TLSIdentity?)
  /// A socket that listens already, such as systemd passes (sd_listen_fds(3)); the server closes it in the end, and
  /// leaves the file of a Unix socket alone.
  case inherited(descriptor: Int32, tls: TLSIdentity?)

  /// By what the server shows who it is.
  var identity: TLSIdentity? {
    switch self {
    case .unix: nil
    case .tcp(_, _, let identity), .inherited(_, let identity): identity
    }
  }
}
