import COpenSSL
import Cryptography
import Glibc
import Quantities

/// What an agent has to know of a certificate (X.509, RFC 5280).
struct HostCertificate: Hashable, Sendable {
  /// The leaf and what follows it, PEM.
  let pem: String
  /// When it begins and ends to be valid.
  let validity: Range<Timestamp>
  /// SHA-256 of the DER form, lower-case hexadecimal digits.
  let fingerprint: String

  /// Reads the first certificate of `pem`.
  init(pem: String) throws(Problem) {
    let bytes = Array(pem.utf8)
    guard let source = BIO_new_mem_buf(bytes, Int32(bytes.count)) else { throw OpenSSL.failure("read a certificate") }
    defer { BIO_free(source) }
    guard let certificate = PEM_read_bio_X509(source, nil, nil, nil) else {
      throw OpenSSL.failure("read a certificate")
    }
    defer { X509_free(certificate) }
    let begin = try Self.time(X509_get0_notBefore(certificate))
    let end = try Self.time(X509_get0_notAfter(certificate))
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    try OpenSSL.demand(X509_digest(certificate, EVP_sha256(), &digest, &count), "digest a certificate")
    self.pem = pem
    validity = begin..<max(begin, end)
    fingerprint = digest.prefix(Int(count)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func time(_ value: UnsafePointer<ASN1_TIME>?) throws(Problem) -> Timestamp {
    var parts = tm()
    try OpenSSL.demand(ASN1_TIME_to_tm(value, &parts), "read a time")
    return Timestamp(seconds: Int64(timegm(&parts)))
  }

  /// When two thirds of its life are over: time to have it renewed.
  var renewal: Timestamp {
    let (begin, end) = (validity.lowerBound.seconds, validity.upperBound.seconds)
    return Timestamp(seconds: end - (end - begin) / 3)
  }

  /// Throws `clock-off` or `certificate-expired`, with both times, where it is not valid at `now`.
  func check(at now: Timestamp, of what: String) throws(Problem) {
    if now < validity.lowerBound {
      throw Problem(
        .failed, "clock-off",
        "This machine's clock says \(now), but \(what) is valid from \(validity.lowerBound) on: one of the clocks is wrong.",
        remedy: "Set the clocks of this machine and of the controllers (NTP), then start the agent again.")
    }
    if now >= validity.upperBound {
      throw Problem(
        .failed, "certificate-expired",
        "\(what.prefix(1).uppercased() + what.dropFirst()) was valid until \(validity.upperBound), and this machine's clock says \(now).",
        remedy: "Set the clock if it is wrong; else enrol the host again with a new token.")
    }
  }

  /// A fingerprint as people write it: with colons or without, in either case. Throws `bad-fingerprint`.
  static func fingerprint(parsing text: String) throws(Problem) -> String {
    var digits = text.lowercased()[...]
    for prefix in ["sha256:", "sha-256:"] where digits.hasPrefix(prefix) { digits = digits.dropFirst(prefix.count) }
    let plain = digits.filter { $0 != ":" }
    guard plain.utf8.count == 64, plain.allSatisfy(\.isHexDigit) else {
      throw Problem(
        .invalid, "bad-fingerprint", "'\(text.excerpt)' is no SHA-256 fingerprint.",
        remedy: "Write the 64 hexadecimal digits that 'virtcloud host enrol' printed.")
    }
    return plain
  }
}
