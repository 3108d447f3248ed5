/// By what a server shows who it is: certificates and the first one's key, in PEM.
///
/// Clients are asked for a certificate of theirs and may go without one. Only TLS 1.3 is spoken.
public struct TLSIdentity: Hashable, Sendable {
  /// The server's certificate first, then those that lead to the authority's.
  public var certificateChain: String
  /// The unencrypted key of the first certificate.
  public var key: String

  /// Takes PEM texts; they are read when a server is given them.
  public init(certificateChain: String, key: String) {
    self.certificateChain = certificateChain
    self.key = key
  }
}
