import COpenSSL
import Quantities

/// A private key.
///
/// `@unchecked Sendable`: libcrypto's key is never changed after `init`, and reading it is safe from any thread
/// (`openssl-threads(7)`).
public final class PrivateKey: @unchecked Sendable {
  /// An `EVP_PKEY` that lives as long as this object.
  public let pointer: OpaquePointer

  /// Takes over the key.
  private init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { EVP_PKEY_free(pointer) }

  /// A new key on the curve P-256. Throws `cryptography-failed`.
  public static func make() throws(Problem) -> PrivateKey {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw OpenSSL.failure("make a key") }
    defer { EVP_PKEY_CTX_free(context) }
    try OpenSSL.demand(EVP_PKEY_keygen_init(context), "make a key")
    try OpenSSL.demand(EVP_PKEY_CTX_set_group_name(context, "P-256"), "choose the curve P-256")
    var key: OpaquePointer?
    try OpenSSL.demand(EVP_PKEY_generate(context, &key), "make a key")
    guard let key else { throw OpenSSL.failure("make a key") }
    return PrivateKey(key)
  }

  /// Reads PEM that is not encrypted. Throws `key-bad`.
  public init(pem text: String) throws(Problem) {
    let key = MemoryBIO.read(Array(text.utf8)) { PEM_read_bio_PrivateKey($0, nil, MemoryBIO.noPassword, nil) }
    guard let key else {
      throw Problem(
        .invalid, "key-bad", "The text is no private key in PEM without a password (\(OpenSSL.lastError())).",
        remedy: "Give a file that begins with -----BEGIN PRIVATE KEY-----.")
    }
    pointer = key
  }

  /// PKCS #8 in PEM, not encrypted: for a file with mode 0600. Throws `cryptography-failed`.
  public func pem() throws(Problem) -> String {
    try MemoryBIO.text { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
  }
}
