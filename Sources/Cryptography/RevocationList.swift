import COpenSSL
import Quantities

/// A certificate revocation list (RFC 5280 section 5), as libcrypto reads it.
///
/// `@unchecked Sendable`: libcrypto's object is never changed after `init`; it sorts the list for searching under a
/// lock of its own (`openssl-threads(7)`).
public final class RevocationList: @unchecked Sendable {
  /// An `X509_CRL` that lives as long as this object.
  public let pointer: OpaquePointer

  /// Takes over the reference.
  public init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { X509_CRL_free(pointer) }

  /// Reads the first list of a PEM text. Throws `revocation-list-bad`, also for a list with a critical extension:
  /// lists of changes and lists about others' certificates must not be read as whole ones.
  public convenience init(pem text: String) throws(Problem) {
    let read = MemoryBIO.read(Array(text.utf8)) { PEM_read_bio_X509_CRL($0, nil, MemoryBIO.noPassword, nil) }
    guard let read else { throw Self.bad(OpenSSL.lastError()) }
    self.init(owning: read)
    guard X509_CRL_get_ext_by_critical(read, 1, -1) < 0 else { throw Self.bad("it has a critical extension") }
  }

  /// Throws `cryptography-failed`.
  public func pem() throws(Problem) -> String { try MemoryBIO.text { PEM_write_bio_X509_CRL($0, pointer) } }

  private static func bad(_ fault: String) -> Problem {
    Problem(
      .invalid, "revocation-list-bad", "The list of revoked certificates cannot be used: \(fault).",
      remedy: "Give a whole list (no delta, not indirect) in PEM.")
  }
}
