import COpenSSL
import Quantities

/// A host's private key on the curve P-256, and the request for a certificate that it signs.
struct HostKey {
  /// PKCS #8, PEM, not encrypted: whoever reads the file speaks for the host.
  let pem: String

  /// Makes a new one.
  static func make() throws(Problem) -> HostKey {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw LibCrypto.failure("make a key") }
    defer { EVP_PKEY_CTX_free(context) }
    try LibCrypto.demand(EVP_PKEY_keygen_init(context), "make a key")
    try LibCrypto.demand(EVP_PKEY_CTX_set_group_name(context, "P-256"), "choose the curve P-256")
    var key: OpaquePointer?
    try LibCrypto.demand(EVP_PKEY_generate(context, &key), "make a key")
    guard let key else { throw LibCrypto.failure("make a key") }
    defer { EVP_PKEY_free(key) }
    return HostKey(pem: try LibCrypto.pem { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) })
  }

  /// A request for a certificate of `host` (PKCS #10, RFC 2986), PEM.
  func signingRequest(for host: Name) throws(Problem) -> String {
    let bytes = Array(pem.utf8)
    guard let source = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { throw LibCrypto.failure("read the key") }
    defer { BIO_free(source) }
    guard let key = PEM_read_bio_PrivateKey(source, nil, nil, nil) else { throw LibCrypto.failure("read the key") }
    defer { EVP_PKEY_free(key) }
    guard let request = X509_REQ_new() else { throw LibCrypto.failure("make a request") }
    defer { X509_REQ_free(request) }
    try LibCrypto.demand(X509_REQ_set_version(request, 0), "set the version")
    let name = Array(host.description.utf8)
    try LibCrypto.demand(
      X509_NAME_add_entry_by_txt(
        X509_REQ_get_subject_name(request), "CN", Int32(0x1000 | 1), name, Int32(name.count), -1, 0), "set the name")
    try LibCrypto.demand(X509_REQ_set_pubkey(request, key), "set the public key")
    guard X509_REQ_sign(request, key, EVP_sha256()) > 0 else { throw LibCrypto.failure("sign a request") }
    return try LibCrypto.pem { PEM_write_bio_X509_REQ($0, request) }
  }
}

/// Calls of libcrypto and how they fail.
enum LibCrypto {
  /// Throws unless libcrypto returned 1.
  static func demand(_ result: Int32, _ what: String) throws(Problem) {
    if result != 1 { throw failure(what) }
  }

  static func pem(_ write: (OpaquePointer) -> Int32) throws(Problem) -> String {
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

  static func failure(_ what: String) -> Problem {
    var buffer = [UInt8](repeating: 0, count: 256)
    let code = ERR_get_error()
    buffer.withUnsafeMutableBytes { ERR_error_string_n(code, $0.baseAddress, $0.count) }
    let text = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    return Problem(
      .failed, "agent-key-failed", "The agent's key or certificate cannot be used: libcrypto cannot \(what) (\(text)).",
      remedy: "Enrol the host again; check the machine's OpenSSL configuration, /etc/ssl/openssl.cnf.")
  }
}
