import COpenSSL
import Cryptography
import Quantities

/// What a certificate says, as values.
public struct CertificateDetails: Hashable, Codable, Sendable {
  /// Whom it certifies.
  public var subject: DistinguishedName
  /// Who signed it, by its own words.
  public var issuer: DistinguishedName
  /// Lower-case hexadecimal digits.
  public var serial: String
  /// Names and addresses beside the subject (RFC 5280 section 4.2.1.6).
  public var alternativeNames: [AlternativeName]
  /// The first second of its validity.
  public var notBefore: Timestamp
  /// The last second of its validity.
  public var notAfter: Timestamp
  /// SHA-256 of the DER form in lower-case hexadecimal digits.
  public var fingerprint: String
  /// SHA-256 of its public key in lower-case hexadecimal digits: stays when a certificate is renewed.
  public var keyFingerprint: String
  /// It may certify others.
  public var isAuthority: Bool
  /// A proxy certificate (RFC 3820).
  public var isProxy: Bool

  /// Two thirds of the life are over: time for a new one, with a third left for things that go wrong.
  public func isRenewalDue(at time: Timestamp) -> Bool {
    time >= notBefore + .seconds((notAfter - notBefore).components.seconds / 3 * 2)
  }

  /// Reads a certificate. Throws `certificate-bad`: also for a NUL within a name, by which a name seems to end
  /// for one reader and goes on for another.
  public init(_ certificate: Certificate) throws(Problem) {
    let pointer = certificate.pointer
    subject = try DistinguishedName(X509_get_subject_name(pointer))
    issuer = try DistinguishedName(X509_get_issuer_name(pointer))
    serial = try Self.serial(X509_get0_serialNumber(pointer))
    alternativeNames = try Self.alternativeNames(pointer)
    notBefore = try Timestamp(X509_get0_notBefore(pointer))
    notAfter = try Timestamp(X509_get0_notAfter(pointer))
    fingerprint = Hex.text(Digest.sha256(try certificate.der()))
    keyFingerprint = try Self.keyFingerprint(pointer)
    let flags = X509_get_extension_flags(pointer)
    guard flags & UInt32(EXFLAG_INVALID) == 0 else { throw Self.bad("an extension of it is malformed") }
    isAuthority = flags & UInt32(EXFLAG_CA) != 0
    isProxy = flags & UInt32(EXFLAG_PROXY) != 0
  }

  /// Reads the DER form. Throws `certificate-bad`.
  public init(der: [UInt8]) throws(Problem) { try self.init(Certificate(der: der)) }

  /// Reads PEM; the first certificate of it. Throws `certificate-bad`.
  public init(pem: String) throws(Problem) {
    guard let first = try Certificate.read(pem: pem).first else { throw Self.bad("there is none") }
    try self.init(first)
  }

  private static func keyFingerprint(_ pointer: OpaquePointer) throws(Problem) -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard X509_pubkey_digest(pointer, EVP_sha256(), &digest, &count) == 1 else {
      throw bad("its public key cannot be read")
    }
    return Hex.text(digest.prefix(Int(count)))
  }

  private static func serial(_ number: UnsafePointer<ASN1_INTEGER>?) throws(Problem) -> String {
    guard let number, number.pointee.length <= 64, let data = number.pointee.data else {
      throw bad("its serial number is malformed")
    }
    let digits = Hex.text(UnsafeBufferPointer(start: data, count: Int(number.pointee.length)))
    return number.pointee.type == V_ASN1_NEG_INTEGER ? "-" + digits : digits
  }

  private static func alternativeNames(_ certificate: OpaquePointer) throws(Problem) -> [AlternativeName] {
    var critical: Int32 = 0
    guard let raw = X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nil) else {
      // -1: there is none; otherwise it is there twice or malformed.
      if critical != -1 { throw bad("its alternative names are malformed") }
      return []
    }
    let names = OpaquePointer(raw)
    defer { GENERAL_NAMES_free(names) }
    guard vc_names_count(names) <= 1000 else { throw bad("it has more than 1000 alternative names") }
    var found: [AlternativeName] = []
    for index in 0..<vc_names_count(names) {
      guard let name = vc_names_at(names, index) else { continue }
      switch name.pointee.type {
      case GEN_DNS:
        let octets = Self.octets(name.pointee.d.dNSName)
        guard !octets.contains(0) else { throw bad("one of its alternative names has a NUL in it") }
        guard let text = String(validating: octets, as: UTF8.self) else {
          throw bad("an alternative name is not ASCII")
        }
        found.append(.dns(text.lowercased()))
      case GEN_IPADD:
        let number = Self.octets(name.pointee.d.iPAddress)
        guard number.count == 4 || number.count == 16 else { throw bad("an IP address of it is malformed") }
        let value = number.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        found.append(.ip(number.count == 4 ? .v4(UInt32(truncatingIfNeeded: value)) : .v6(value)))
      // Mail addresses, locators and the like name no server.
      default: continue
      }
    }
    return found
  }

  private static func octets(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> [UInt8] {
    guard let string, let data = string.pointee.data else { return [] }
    return Array(UnsafeBufferPointer(start: data, count: Int(string.pointee.length)))
  }

  static func bad(_ fault: String) -> Problem {
    Problem(
      .notPermitted, "certificate-bad", "The certificate is not accepted: \(fault).",
      remedy: "Get a new certificate from the authority that issued it.")
  }
}

extension Timestamp {
  /// Reads a time of a certificate. Throws `certificate-bad`.
  init(_ time: UnsafePointer<ASN1_TIME>?) throws(Problem) {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else {
      throw CertificateDetails.bad("a time in it is malformed")
    }
    self.init(seconds: Int64(timegm(&parts)))
  }
}
