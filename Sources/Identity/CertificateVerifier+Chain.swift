import COpenSSL
import Cryptography
import Quantities

extension CertificateVerifier {
  /// Verifies certificates that have not been seen before.
  func verify(
    _ certificates: [Certificate], _ time: Timestamp, _ purpose: Purpose
  ) throws(Problem) -> VerifiedCertificate {
    let chain = try store.chain(of: certificates, purpose: purpose, allowsProxies: allowsProxies)
    let details = try chain.map { certificate throws(Problem) in try CertificateDetails(certificate) }
    guard let shown = details.first, let anchor = chain.last,
      let entity = details.firstIndex(where: { !$0.isProxy }), !details[entity].subject.parts.isEmpty
    else { throw CertificateDetails.bad("it names nobody") }
    for proxy in chain[..<entity] { try Self.checkPolicy(ofProxy: proxy) }
    var limits = try Self.limits(of: details, at: time)
    if let out = details.first(where: { denied.contains($0.fingerprint) }) {
      throw Self.revoked(out, at: nil)
    }
    for index in chain.indices.dropLast() {
      let end = try checkRevocation(chain[index], details[index], issuer: chain[index + 1], at: time)
      limits.notAfter = min(limits.notAfter, end)
    }
    return VerifiedCertificate(
      details: details[entity], fingerprint: shown.fingerprint, isOurs: ours.contains(try anchor.der()),
      notBefore: limits.notBefore, notAfter: limits.notAfter)
  }

  /// When all of the chain is valid, the skew of clocks included.
  private static func limits(
    of chain: [CertificateDetails], at time: Timestamp
  ) throws(Problem) -> (notBefore: Timestamp, notAfter: Timestamp) {
    var limits = (notBefore: Timestamp(seconds: .min), notAfter: Timestamp.distantFuture)
    for details in chain {
      let (start, end) = (details.notBefore - clockSkew, details.notAfter + clockSkew)
      let name = details.subject.description.excerpt
      if time < start {
        throw Problem(
          .notPermitted, "certificate-not-yet-valid",
          "The certificate of '\(name)' is valid from \(details.notBefore); it is \(time) here.",
          remedy: "Compare the clocks of both machines; one of them may be wrong.")
      }
      if time > end {
        throw Problem(
          .notPermitted, "certificate-expired",
          "The certificate of '\(name)' expired at \(details.notAfter); it is \(time) here.",
          remedy: "Renew the certificate; if it should be valid, compare the clocks of both machines.")
      }
      limits = (max(limits.notBefore, start), min(limits.notAfter, end))
    }
    return limits
  }

  /// Until when the issuer's newest list says that the certificate is good; the distant future without a list.
  private func checkRevocation(
    _ certificate: Certificate, _ details: CertificateDetails, issuer: Certificate, at time: Timestamp
  ) throws(Problem) -> Timestamp {
    var newest: (list: OpaquePointer, made: Timestamp)?
    for list in lists where Self.list(list.pointer, isOf: issuer, for: certificate) {
      let made = try Timestamp(X509_CRL_get0_lastUpdate(list.pointer))
      if newest.map({ made > $0.made }) ?? true { newest = (list.pointer, made) }
    }
    guard let list = newest?.list else { return .distantFuture }
    var entry: OpaquePointer?
    // 2: taken off the list again.
    if X509_CRL_get0_by_cert(list, &entry, certificate.pointer) == 1 {
      throw Self.revoked(details, at: try Timestamp(X509_REVOKED_get0_revocationDate(entry)))
    }
    guard let date = X509_CRL_get0_nextUpdate(list) else { return .distantFuture }
    let next = try Timestamp(date)
    if time > next + Self.clockSkew { throw Self.outdated(details, next, time) }
    return next + Self.clockSkew
  }

  /// True where the list has the issuer's name and signature: another authority may have the same name.
  private static func list(_ list: OpaquePointer, isOf issuer: Certificate, for certificate: Certificate) -> Bool {
    guard X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_issuer_name(certificate.pointer)) == 0,
      X509_get_key_usage(issuer.pointer) & UInt32(KU_CRL_SIGN) != 0
    else { return false }
    let isSigned = X509_CRL_verify(list, X509_get0_pubkey(issuer.pointer)) == 1
    ERR_clear_error()
    return isSigned
  }

  /// Only a proxy that inherits all rights of its user stands for them here: a limited or independent one
  /// (RFC 3820 section 3.8.2) has rights that we cannot know.
  private static func checkPolicy(ofProxy certificate: Certificate) throws(Problem) {
    let raw = X509_get_ext_d2i(certificate.pointer, NID_proxyCertInfo, nil, nil)
    guard let raw else { throw CertificateDetails.bad("its proxy policy is malformed") }
    let info = raw.assumingMemoryBound(to: PROXY_CERT_INFO_EXTENSION.self)
    defer { PROXY_CERT_INFO_EXTENSION_free(info) }
    guard OBJ_obj2nid(info.pointee.proxyPolicy?.pointee.policyLanguage) == NID_id_ppl_inheritAll else {
      throw CertificateDetails.bad("it is a proxy that does not inherit all rights of its user")
    }
  }

  private static func revoked(_ details: CertificateDetails, at time: Timestamp?) -> Problem {
    Problem(
      .notPermitted, "certificate-revoked",
      "The certificate of '\(details.subject.description.excerpt)' was revoked" + (time.map { " at \($0)." } ?? "."),
      remedy: "Get a new certificate; a host is let in again with a new enrolment token.")
  }

  private static func outdated(_ details: CertificateDetails, _ end: Timestamp, _ time: Timestamp) -> Problem {
    Problem(
      .notPermitted, "revocation-list-expired",
      "Whether the certificate of '\(details.subject.description.excerpt)' is revoked is not known: the list of "
        + "'\(details.issuer.description.excerpt)' ended at \(end); it is \(time) here.",
      remedy: "Ask an administrator to fetch that authority's current list.")
  }
}
