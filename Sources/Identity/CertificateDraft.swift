import COpenSSL
import Cryptography
import Quantities

/// A certificate before it is signed.
struct CertificateDraft {
  private let profile: CertificateProfile
  private let certificate: Certificate
  private var pointer: OpaquePointer { certificate.pointer }

  /// With a serial number of 128 random bits behind a one, which keeps it positive and of one length (RFC 5280
  /// section 4.1.2.2).
  init(_ profile: CertificateProfile) throws(Problem) {
    let serial = [1] + (try RandomBytes.draw(16))
    guard let made = X509_new() else { throw OpenSSL.failure("make a certificate") }
    self.profile = profile
    certificate = Certificate(owning: made)
    guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else {
      throw OpenSSL.failure("number a certificate")
    }
    defer { BN_free(number) }
    guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made)) != nil else {
      throw OpenSSL.failure("number a certificate")
    }
    try OpenSSL.demand(X509_set_version(made, 2), "set the version")
  }

  /// Signs it with `key`, which is the last that happens to it; `issuer` nil: by itself. Throws `cryptography-failed`.
  func signed(
    public subjectKey: OpaquePointer, by issuer: Certificate?, with key: PrivateKey, from start: Timestamp,
    to end: Timestamp
  ) throws(Problem) -> Certificate {
    let name = try profile.subject.makeName()
    defer { X509_NAME_free(name) }
    try OpenSSL.demand(X509_set_subject_name(pointer, name), "name a certificate")
    let issuerName = issuer.map { X509_get_subject_name($0.pointer) } ?? name
    try OpenSSL.demand(X509_set_issuer_name(pointer, issuerName), "name the issuer")
    try OpenSSL.demand(X509_set_pubkey(pointer, subjectKey), "put a key into a certificate")
    guard ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(start.seconds)) != nil,
      ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(end.seconds)) != nil
    else { throw OpenSSL.failure("set the validity") }
    for (identifier, value) in profile.extensions {
      let made = vc_extension(issuer?.pointer ?? pointer, pointer, nil, identifier, value)
      guard let made else { throw OpenSSL.failure("make the extension '\(value)'") }
      defer { X509_EXTENSION_free(made) }
      try OpenSSL.demand(X509_add_ext(pointer, made, -1), "add the extension '\(value)'")
    }
    guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else { throw OpenSSL.failure("sign a certificate") }
    return certificate
  }
}
