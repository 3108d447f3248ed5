import COpenSSL
import Quantities

/// An X.509 certificate, as libcrypto reads it; what it says is not to be trusted before it is verified.
///
/// `@unchecked Sendable`: libcrypto's object is never changed after `init`; what it computes lazily it guards by a
/// lock of its own (`openssl-threads(7)`).
public final class Certificate: @unchecked Sendable {
  /// The longest DER form that is read at all.
  public static let longest = 65536

  /// An `X509` that lives as long as this object.
  public let pointer: OpaquePointer

  /// Takes over the reference.
  public init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { X509_free(pointer) }

  /// Reads one DER form and nothing behind it. Throws `certificate-bad`.
  public init(der bytes: [UInt8]) throws(Problem) {
    guard bytes.count <= Self.longest else { throw Self.bad("it has more than \(Self.longest) octets") }
    let result = bytes.withUnsafeBufferPointer { buffer -> (OpaquePointer?, Int) in
      var position = buffer.baseAddress
      let certificate = d2i_X509(nil, &position, buffer.count)
      return (certificate, buffer.baseAddress.flatMap { start in position.map { $0 - start } } ?? 0)
    }
    guard let certificate = result.0 else { throw Self.bad(OpenSSL.lastError()) }
    pointer = certificate
    if result.1 != bytes.count { throw Self.bad("something stands behind its end") }
  }

  /// The certificates in a PEM text, in their order; other blocks are passed over. Throws `certificate-bad` where
  /// there is none, one is broken, or there are more than 10,000.
  public static func read(pem text: String) throws(Problem) -> [Certificate] {
    var certificates: [Certificate] = []
    let isWhole = MemoryBIO.read(Array(text.utf8)) { source -> Bool? in
      while certificates.count < 10_000 {
        if let next = PEM_read_bio_X509(source, nil, MemoryBIO.noPassword, nil) {
          certificates.append(Certificate(owning: next))
        } else {
          // Only at the end is there no further beginning.
          return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        }
      }
      return false
    }
    guard isWhole == true, !certificates.isEmpty else {
      throw bad(certificates.isEmpty ? "no certificate in PEM stands there" : OpenSSL.lastError())
    }
    ERR_clear_error()
    return certificates
  }

  /// Throws `cryptography-failed`.
  public func pem() throws(Problem) -> String { try MemoryBIO.text { PEM_write_bio_X509($0, pointer) } }

  /// Throws `cryptography-failed`.
  public func der() throws(Problem) -> [UInt8] {
    var start: UnsafeMutablePointer<UInt8>?
    let count = i2d_X509(pointer, &start)
    guard count > 0, let start else { throw OpenSSL.failure("write a certificate") }
    defer { vc_free_string(start) }
    return Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }

  private static func bad(_ fault: String) -> Problem {
    Problem(
      .notPermitted, "certificate-bad", "The certificate cannot be read: \(fault).",
      remedy: "Show a whole X.509 certificate in DER or PEM.")
  }
}
