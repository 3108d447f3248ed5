import COpenSSL
import Cryptography
import Glibc
import Linux
import Quantities

/// A private key and the certificate that goes with it, in one file for the owner alone.
///
/// One file, so that key and certificate are replaced together or not at all.
public struct Credential: Sendable {
  /// Belongs to the certificate.
  public let key: PrivateKey
  /// Whatever its validity: who uses it asks for that.
  public let certificate: Certificate

  /// Throws `credential-bad` where the two do not belong together.
  public init(key: PrivateKey, certificate: Certificate) throws(Problem) {
    guard X509_check_private_key(certificate.pointer, key.pointer) == 1 else {
      ERR_clear_error()
      throw Problem(
        .failed, "credential-bad", "A private key and a certificate do not belong together.",
        remedy: "Keep each certificate with the key that it was requested for.")
    }
    self.key = key
    self.certificate = certificate
  }

  /// Reads a key and the first certificate, both in one PEM text. Throws `key-bad`, `certificate-bad`,
  /// `credential-bad`.
  public init(pem text: String) throws(Problem) {
    guard let certificate = try Certificate.read(pem: text).first else { throw CertificateDetails.bad("there is none") }
    try self.init(key: PrivateKey(pem: text), certificate: certificate)
  }

  /// Key, then certificate. Throws `cryptography-failed`.
  public func pem() throws(Problem) -> String { try key.pem() + certificate.pem() }

  /// Reads a file. Throws also `SystemError`, and `key-exposed` where others than the owner may open the file.
  public static func load(_ path: String) throws -> Credential {
    var status = stat()
    try check(stat(path, &status), "look at", path)
    guard status.st_mode & 0o077 == 0 else {
      throw Problem(
        .failed, "key-exposed", "The private key in '\(path)' can be opened by others than its owner.",
        remedy: "Take their rights away: chmod 600 '\(path)'; if somebody may have read it, get a new one.")
    }
    return try Credential(pem: TextFile.read(path))
  }

  /// Writes a file, mode 0600, as a whole. Throws `SystemError`, `cryptography-failed`.
  public func write(to path: String) throws { try PrivateFile.replace(path, with: try pem()) }
}

extension CertificateAuthority {
  /// The authority's certificate and key, for its file.
  public func credential() throws(Problem) -> Credential { try Credential(key: key, certificate: certificate) }

  /// Takes an authority that was made before. Throws `authority-bad`.
  public convenience init(_ credential: Credential) throws(Problem) {
    try self.init(certificate: credential.certificate, key: credential.key)
  }
}
