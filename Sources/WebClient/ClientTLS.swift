/// Whom a client trusts, and who it is, over TLS 1.3.
public struct ClientTLS: Hashable, Sendable {
  /// Who must have signed the server's certificate.
  public enum Authority: Hashable, Sendable {
    /// The authorities that the system trusts.
    case system
    /// Those in a file of PEM certificates.
    case file(String)
    /// Those in this PEM text.
    case pem(String)
  }

  /// Who the client is.
  public enum Identity: Hashable, Sendable {
    /// A PEM file with the certificate (and those between it and its authority), and one with its private key.
    case files(certificate: String, key: String)
    /// The same as PEM texts.
    case pem(certificate: String, key: String)
  }

  /// Whom the server must have its certificate from.
  public var authority: Authority
  /// The client's certificate, where the server asks for one.
  public var identity: Identity?

  /// `identity` is what the client shows; nil shows nothing.
  public init(authority: Authority = .system, identity: Identity? = nil) {
    self.authority = authority
    self.identity = identity
  }
}
