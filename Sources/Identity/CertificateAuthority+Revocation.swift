import COpenSSL
import Cryptography
import Quantities

/// A certificate that its authority has taken back.
public struct Revocation: Hashable, Codable, Sendable {
  /// Lower-case hexadecimal digits, as in ``CertificateDetails``.
  public var serial: String
  /// When it was taken back, UTC.
  public var time: Timestamp

  /// `serial` is not checked: `revocationList` throws where it is none.
  public init(serial: String, time: Timestamp) {
    self.serial = serial
    self.time = time
  }
}

extension CertificateAuthority {
  /// A signed list of what is revoked, valid for `life`; `number` rises with each list (RFC 5280 section 5.2.3).
  ///
  /// Throws `bad-serial-number`, `cryptography-failed`.
  public func revocationList(
    of revocations: [Revocation], number: UInt64, life: Duration = .seconds(7 * 86400), at time: Timestamp
  ) throws(Problem) -> RevocationList {
    guard let made = X509_CRL_new() else { throw OpenSSL.failure("make a revocation list") }
    let list = RevocationList(owning: made)
    try OpenSSL.demand(X509_CRL_set_version(made, 1), "set the version")
    try OpenSSL.demand(X509_CRL_set_issuer_name(made, X509_get_subject_name(certificate.pointer)), "name the issuer")
    guard let start = ASN1_TIME_set(nil, time_t((time - Self.clockSkew).seconds)) else {
      throw OpenSSL.failure("set a time")
    }
    defer { ASN1_TIME_free(start) }
    guard let end = ASN1_TIME_set(nil, time_t((time + life).seconds)) else { throw OpenSSL.failure("set a time") }
    defer { ASN1_TIME_free(end) }
    try OpenSSL.demand(X509_CRL_set1_lastUpdate(made, start), "set the time")
    try OpenSSL.demand(X509_CRL_set1_nextUpdate(made, end), "set the time")
    for revocation in revocations { try Self.add(revocation, to: made) }
    try OpenSSL.demand(X509_CRL_sort(made), "sort a revocation list")
    try Self.number(number, of: made)
    guard let issuer = vc_extension(certificate.pointer, nil, made, NID_authority_key_identifier, "keyid") else {
      throw OpenSSL.failure("name the issuer's key")
    }
    defer { X509_EXTENSION_free(issuer) }
    try OpenSSL.demand(X509_CRL_add_ext(made, issuer, -1), "name the issuer's key")
    guard X509_CRL_sign(made, key.pointer, EVP_sha256()) > 0 else {
      throw OpenSSL.failure("sign a revocation list")
    }
    return list
  }

  private static func number(_ number: UInt64, of list: OpaquePointer) throws(Problem) {
    guard let value = ASN1_INTEGER_new() else { throw OpenSSL.failure("number a revocation list") }
    defer { ASN1_INTEGER_free(value) }
    try OpenSSL.demand(ASN1_INTEGER_set_uint64(value, number), "number a revocation list")
    try OpenSSL.demand(X509_CRL_add1_ext_i2d(list, NID_crl_number, value, 0, 0), "number a revocation list")
  }

  private static func add(_ revocation: Revocation, to list: OpaquePointer) throws(Problem) {
    guard let octets = Hex.bytes(revocation.serial), (1...20).contains(octets.count),
      let number = BN_bin2bn(octets, Int32(octets.count), nil)
    else {
      throw Problem(
        .invalid, "bad-serial-number", "'\(revocation.serial.excerpt)' is no serial number of a certificate.",
        remedy: "Write it as pairs of lower-case hexadecimal digits, 20 at most.")
    }
    defer { BN_free(number) }
    guard let entry = X509_REVOKED_new() else { throw OpenSSL.failure("make a revocation") }
    var isOurs = true
    defer { if isOurs { X509_REVOKED_free(entry) } }
    guard let serial = BN_to_ASN1_INTEGER(number, nil) else { throw OpenSSL.failure("make a revocation") }
    defer { ASN1_INTEGER_free(serial) }
    guard let time = ASN1_TIME_set(nil, time_t(revocation.time.seconds)) else { throw OpenSSL.failure("set a time") }
    defer { ASN1_TIME_free(time) }
    try OpenSSL.demand(X509_REVOKED_set_serialNumber(entry, serial), "make a revocation")
    try OpenSSL.demand(X509_REVOKED_set_revocationDate(entry, time), "make a revocation")
    try OpenSSL.demand(X509_CRL_add0_revoked(list, entry), "add a revocation")
    isOurs = false
  }
}
