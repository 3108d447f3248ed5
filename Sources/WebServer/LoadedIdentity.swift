import CGnuTLS
import Quantities

/// An identity as GnuTLS keeps it.
///
/// Sendable unchecked: nothing is changed after `init`, and GnuTLS only reads it while it shakes hands.
final class LoadedIdentity: @unchecked Sendable {
  private static let longestChain: UInt32 = 16

  let certificates: UnsafeMutablePointer<gnutls_pcert_st>
  private(set) var count: UInt32 = LoadedIdentity.longestChain
  let key: gnutls_privkey_t

  init(_ identity: TLSIdentity) throws(Problem) {
    var key: gnutls_privkey_t?
    guard gnutls_privkey_init(&key) == 0, let key else { throw Self.problem("key", GNUTLS_E_MEMORY_ERROR) }
    self.key = key
    certificates = .allocate(capacity: Int(Self.longestChain))
    let keyCode = Self.withDatum(identity.key) { gnutls_privkey_import_x509_raw(key, $0, GNUTLS_X509_FMT_PEM, nil, 0) }
    var count = Self.longestChain
    let chainCode = Self.withDatum(identity.certificateChain) { [certificates] in
      gnutls_pcert_list_import_x509_raw(certificates, &count, $0, GNUTLS_X509_FMT_PEM, 0)
    }
    self.count = chainCode < 0 ? 0 : count
    guard keyCode >= 0 else { throw Self.problem("key", keyCode) }
    guard chainCode >= 0, count > 0 else { throw Self.problem("certificate chain", chainCode) }
    guard isKeyOfFirst else {
      throw Problem(
        .invalid, "key-of-another-certificate", "The server's key is not the key of its first certificate.",
        remedy: "Put the server's own certificate first, and give the key it was made for.")
    }
  }

  deinit {
    for index in 0..<Int(count) { gnutls_pcert_deinit(certificates + index) }
    certificates.deallocate()
    gnutls_privkey_deinit(key)
  }

  private var isKeyOfFirst: Bool {
    var publicKey: gnutls_pubkey_t?
    guard gnutls_pubkey_init(&publicKey) == 0, let publicKey else { return false }
    defer { gnutls_pubkey_deinit(publicKey) }
    guard gnutls_pubkey_import_privkey(publicKey, key, 0, 0) == 0 else { return false }
    guard let own = Self.identifier(of: publicKey) else { return false }
    return own == Self.identifier(of: certificates.pointee.pubkey)
  }

  /// The hash of a public key.
  private static func identifier(of key: gnutls_pubkey_t) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 64)
    var size = bytes.count
    guard gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256.rawValue, &bytes, &size) == 0 else { return nil }
    return Array(bytes.prefix(size))
  }

  private static func withDatum(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> Int32) -> Int32 {
    var bytes = Array(text.utf8)
    return bytes.withUnsafeMutableBufferPointer { buffer in
      var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
      return body(&datum)
    }
  }

  private static func problem(_ what: String, _ code: Int32) -> Problem {
    let words = gnutls_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return Problem(
      .invalid, "unreadable-identity", "The server's \(what) cannot be read: \(words)",
      remedy: "Give PEM text: the certificate chain, the server's own first, and its unencrypted key.")
  }
}
