import COpenSSL
import Cryptography
import Quantities

/// A request for a certificate (PKCS #10, RFC 2986): a public key, and the proof that who asks has the private one.
public struct CertificateRequest: Sendable {
  /// PEM.
  public let pem: String

  /// Asks for a certificate for `key`. What the certificate says is up to the authority; the name in the request
  /// is for people who look at it. Throws `cryptography-failed`.
  public static func make(for key: PrivateKey, commonName: String) throws(Problem) -> CertificateRequest {
    guard let request = X509_REQ_new() else { throw OpenSSL.failure("make a request") }
    defer { X509_REQ_free(request) }
    let common = DistinguishedName.Attribute(type: "CN", value: String(commonName.prefix(64)))
    let name = try DistinguishedName(parts: commonName.isEmpty ? [] : [[common]]).makeName()
    defer { X509_NAME_free(name) }
    try OpenSSL.demand(X509_REQ_set_version(request, 0), "make a request")
    try OpenSSL.demand(X509_REQ_set_subject_name(request, name), "name a request")
    try OpenSSL.demand(X509_REQ_set_pubkey(request, key.pointer), "put a key into a request")
    guard X509_REQ_sign(request, key.pointer, EVP_sha256()) > 0 else { throw OpenSSL.failure("sign a request") }
    return CertificateRequest(pem: try MemoryBIO.text { PEM_write_bio_X509_REQ($0, request) })
  }

  /// PKCS#10 in PEM; not read before it is used.
  public init(pem: String) { self.pem = pem }

  /// Lets `body` use the public key. Throws `request-bad` where the request is none, is not signed with its own
  /// key, or the key is too weak.
  func withKey<Value>(_ body: (OpaquePointer) throws(Problem) -> Value) throws(Problem) -> Value {
    guard pem.utf8.count <= 16384 else { throw Self.bad("it has more than 16384 octets") }
    let read = MemoryBIO.read(Array(pem.utf8)) { PEM_read_bio_X509_REQ($0, nil, MemoryBIO.noPassword, nil) }
    guard let read else { throw Self.bad(OpenSSL.lastError()) }
    defer { X509_REQ_free(read) }
    guard let key = X509_REQ_get0_pubkey(read) else { throw Self.bad(OpenSSL.lastError()) }
    // An RSA key of many bits is slow to check, by which a stranger could keep us busy.
    guard EVP_PKEY_get_security_bits(key) >= 112, EVP_PKEY_get_bits(key) <= 8192 else {
      throw Self.bad("its key is too weak or too long")
    }
    guard X509_REQ_verify(read, key) == 1 else {
      ERR_clear_error()
      throw Self.bad("it is not signed with its own key")
    }
    return try body(key)
  }

  private static func bad(_ fault: String) -> Problem {
    Problem(
      .invalid, "request-bad", "The request for a certificate is not accepted: \(fault).",
      remedy: "Send a PKCS #10 request in PEM with a key of P-256, P-384 or RSA of 2048 to 8192 bits.")
  }
}
