import COpenSSL
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
    let key = try makeKey()
    defer { EVP_PKEY_free(key) }
    guard let certificate = X509_new() else { throw failure("make a certificate") }
    defer { X509_free(certificate) }
    var serial: UInt64 = 0
    try demand(withUnsafeMutableBytes(of: &serial) { RAND_bytes($0.baseAddress, 8) }, "draw a serial number")
    try demand(X509_set_version(certificate, 2), "set the version")
    // A serial number is positive (RFC 5280 section 4.1.2.2).
    try demand(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1), "set the serial number")
    try demand(ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20000101000000Z"), "set the validity")
    try demand(ASN1_TIME_set_string(X509_getm_notAfter(certificate), "99991231235959Z"), "set the validity")
    try demand(X509_set_pubkey(certificate, key), "set the public key")
    let name = X509_get_subject_name(certificate)
    let text = Array(commonName.utf8.prefix(64))
    try demand(
      X509_NAME_add_entry_by_txt(name, "CN", Int32(0x1000 | 1), text, Int32(text.count), -1, 0), "set the name")
    try demand(X509_set_issuer_name(certificate, name), "set the issuer")
    guard X509_sign(certificate, key, EVP_sha256()) > 0 else { throw failure("sign a certificate") }
    return Pair(
      privateKey: try pem { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) },
      certificate: try pem { PEM_write_bio_X509($0, certificate) })
  }

  /// SHA-256 of a certificate's DER form, as upper-case octets with colons.
  static func fingerprint(pem text: String) throws(Problem) -> String {
    let bytes = Array(text.utf8)
    guard let source = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { throw failure("read a certificate") }
    defer { BIO_free(source) }
    guard let certificate = PEM_read_bio_X509(source, nil, nil, nil) else { throw failure("read a certificate") }
    defer { X509_free(certificate) }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    try demand(X509_digest(certificate, EVP_sha256(), &digest, &count), "digest a certificate")
    return digest.prefix(Int(count)).map { hex($0).uppercased() }.joined(separator: ":")
  }

  /// Two hexadecimal digits, lower case.
  static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

  /// Throws unless libcrypto returned 1.
  static func demand(_ result: Int32, _ what: String) throws(Problem) {
    if result != 1 { throw failure(what) }
  }

  private static func makeKey() throws(Problem) -> OpaquePointer {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw failure("make a key") }
    defer { EVP_PKEY_CTX_free(context) }
    try demand(EVP_PKEY_keygen_init(context), "make a key")
    try demand(EVP_PKEY_CTX_set_group_name(context, "P-256"), "choose the curve P-256")
    var key: OpaquePointer?
    try demand(EVP_PKEY_generate(context, &key), "make a key")
    guard let key else { throw failure("make a key") }
    return key
  }

  private static func pem(_ write: (OpaquePointer) -> Int32) throws(Problem) -> String {
    guard let sink = BIO_new(BIO_s_mem()) else { throw failure("write PEM") }
    defer { BIO_free(sink) }
    try demand(write(sink), "write PEM")
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = BIO_read(sink, &buffer, Int32(buffer.count))
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer.prefix(Int(count))
    }
  }

  private static func failure(_ what: String) -> Problem {
    var buffer = [UInt8](repeating: 0, count: 256)
    let code = ERR_get_error()
    buffer.withUnsafeMutableBytes { ERR_error_string_n(code, $0.baseAddress, $0.count) }
    let text = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    return Problem(
      .failed, "tunnel-key-failed", "Cannot make the keys of a wire: libcrypto cannot \(what) (\(text)).",
      remedy: "Check the machine's OpenSSL configuration, /etc/ssl/openssl.cnf.")
  }
}
