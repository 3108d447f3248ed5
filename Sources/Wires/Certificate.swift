import COpenSSL
import Cryptography
import Quantities

/// A private key on the curve P-256 and a certificate that it signs itself (X.509 version 3), made with libcrypto.
enum Certificate {
  /// The two in PEM.
  struct Pair {
    /// PKCS #8, not encrypted.
    var privateKey: String
    var certificate: String
  }

  /// Makes a new pair.
  ///
  /// It is valid from 2000 on and without end (RFC 5280 section 4.1.2.5): it is trusted by its fingerprint as
  /// long as the wire lives, and hosts whose clocks are wrong must connect too.
  static func make(commonName: String) throws(Problem) -> Pair {
    let key = try PrivateKey.make()
    guard let certificate = X509_new() else { throw OpenSSL.failure("make a certificate") }
    defer { X509_free(certificate) }
    var serial: UInt64 = 0
    try OpenSSL.demand(withUnsafeMutableBytes(of: &serial) { RAND_bytes($0.baseAddress, 8) }, "draw a serial number")
    try OpenSSL.demand(X509_set_version(certificate, 2), "set the version")
    // A serial number is positive (RFC 5280 section 4.1.2.2).
    try OpenSSL.demand(
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1), "set the serial number")
    try OpenSSL.demand(ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20000101000000Z"), "set the validity")
    try OpenSSL.demand(ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z"), "set the validity")
    try OpenSSL.demand(X509_set_pubkey(certificate, key.pointer), "set the public key")
    let name = X509_get_subject_name(certificate)
    let text = Array(commonName.utf8.prefix(64))
    try OpenSSL.demand(
      X509_NAME_add_entry_by_txt(name, "CN", Int32(0x1000 | 1), text, Int32(text.count), -1, 0), "set the name")
    try OpenSSL.demand(X509_set_issuer_name(certificate, name), "set the issuer")
    guard X509_sign(certificate, key.pointer, EVP_sha256()) > 0 else { throw OpenSSL.failure("sign a certificate") }
    return Pair(
      privateKey: try key.pem(), certificate: try MemoryBIO.text { PEM_write_bio_X509($0, certificate) })
  }

  /// SHA-256 of a certificate's DER form, as upper-case octets with colons.
  static func fingerprint(pem text: String) throws(Problem) -> String {
    let certificate = MemoryBIO.read(Array(text.utf8)) { PEM_read_bio_X509($0, nil, MemoryBIO.noPassword, nil) }
    guard let certificate else { throw OpenSSL.failure("read a certificate") }
    defer { X509_free(certificate) }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    try OpenSSL.demand(X509_digest(certificate, EVP_sha256(), &digest, &count), "digest a certificate")
    return digest.prefix(Int(count)).map { Hex.text([$0]).uppercased() }.joined(separator: ":")
  }
}
