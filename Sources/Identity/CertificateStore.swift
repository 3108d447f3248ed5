import COpenSSL
import Cryptography
import Quantities

/// The authorities that are trusted, as libcrypto has them.
///
/// `@unchecked Sendable`: filled by `init` only; what verifications do with it libcrypto guards by a lock of its own
/// (`X509_STORE_lock(3)`).
final class CertificateStore: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ authorities: [Certificate]) throws(Problem) {
    guard let pointer = X509_STORE_new() else { throw OpenSSL.failure("make a store of certificates") }
    self.pointer = pointer
    for authority in authorities {
      try OpenSSL.demand(X509_STORE_add_cert(pointer, authority.pointer), "add an authority")
    }
  }

  deinit { X509_STORE_free(pointer) }

  /// The chain from the first certificate to an authority, each signed by the next; validity times are not looked
  /// at. Throws `certificate-foreign`, `certificate-bad`.
  func chain(
    of certificates: [Certificate], purpose: CertificateVerifier.Purpose, allowsProxies: Bool
  ) throws(Problem) -> [Certificate] {
    guard let first = certificates.first else { throw CertificateDetails.bad("there is none") }
    guard let context = X509_STORE_CTX_new() else { throw OpenSSL.failure("verify a certificate") }
    defer { X509_STORE_CTX_free(context) }
    guard let others = vc_x509_stack_new() else { throw OpenSSL.failure("verify a certificate") }
    defer { vc_x509_stack_free(others) }
    for certificate in certificates.dropFirst() {
      guard vc_x509_stack_push(others, certificate.pointer) > 0 else { throw OpenSSL.failure("verify a certificate") }
    }
    // The stack takes no references, and libcrypto reads from it during the verification.
    return try withExtendedLifetime(certificates) { () throws(Problem) in
      try OpenSSL.demand(X509_STORE_CTX_init(context, pointer, first.pointer, others), "verify a certificate")
      try Self.configure(context, purpose, allowsProxies)
      guard X509_verify_cert(context) == 1 else {
        let code = X509_STORE_CTX_get_error(context)
        ERR_clear_error()
        throw Self.problem(code, first)
      }
      return Self.chain(of: context)
    }
  }

  private static func configure(
    _ context: OpaquePointer, _ purpose: CertificateVerifier.Purpose, _ allowsProxies: Bool
  ) throws(Problem) {
    let settings = X509_STORE_CTX_get0_param(context)
    let role = purpose == .client ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER
    try OpenSSL.demand(X509_VERIFY_PARAM_set_purpose(settings, role), "set the purpose")
    let proxies = allowsProxies ? UInt(X509_V_FLAG_ALLOW_PROXY_CERTS) : 0
    try OpenSSL.demand(
      X509_VERIFY_PARAM_set_flags(settings, UInt(X509_V_FLAG_NO_CHECK_TIME) | proxies), "set what is checked")
    X509_VERIFY_PARAM_set_depth(settings, Int32(CertificateVerifier.longestChain))
    // 112 bits: RSA of 2048 bits and more, no SHA-1 (`SSL_CTX_set_security_level(3)`).
    X509_VERIFY_PARAM_set_auth_level(settings, 2)
  }

  private static func chain(of context: OpaquePointer) -> [Certificate] {
    let stack = X509_STORE_CTX_get0_chain(context)
    return (0..<vc_x509_stack_count(stack)).compactMap { index in
      guard let certificate = vc_x509_stack_at(stack, index) else { return nil }
      X509_up_ref(certificate)
      return Certificate(owning: certificate)
    }
  }

  private static func problem(_ code: Int32, _ certificate: Certificate) -> Problem {
    let words = String(cString: X509_verify_cert_error_string(Int(code)))
    guard Self.foreign.contains(code) else { return CertificateDetails.bad(words) }
    let name = (try? CertificateDetails(certificate))?.issuer.description ?? "an authority without a readable name"
    return Problem(
      .notPermitted, "certificate-foreign",
      "The certificate was issued by '\(name.excerpt)', which is not trusted here.",
      remedy: "Show the whole chain, or ask an administrator to trust that authority.")
  }

  private static let foreign: Set<Int32> = [
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
    X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED,
  ]
}
