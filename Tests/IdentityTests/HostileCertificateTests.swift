import COpenSSL
import Cryptography
import Identity
import Quantities
import Testing

@Suite struct HostileCertificateTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func verifier(_ authority: CertificateAuthority) throws -> CertificateVerifier {
    try CertificateVerifier(authorities: [authority.certificatePEM()])
  }

  private func host(_ authority: CertificateAuthority) throws -> [UInt8] {
    let request = try CertificateRequest.make(for: PrivateKey.make(), commonName: "x")
    return try authority.issueHost(name("h1"), for: request, at: now).der()
  }

  @Test func noCutAndNoFlippedCertificateIsAccepted() throws {
    let authority = try CertificateAuthority.make(name: "cloud", at: now)
    let verifier = try verifier(authority)
    let der = try host(authority)
    for count in 0..<der.count {
      let cut = problem { _ = try verifier.verify(chain: [Array(der.prefix(count))], at: now, purpose: .client) }
      #expect(cut?.code == "certificate-bad")
    }
    #expect(
      problem { _ = try verifier.verify(chain: [der + [0]], at: now, purpose: .client) }?.code == "certificate-bad")
    for index in der.indices {
      var flipped = der
      flipped[index] ^= 1 << UInt8.random(in: 0..<8)
      let fault = problem { _ = try verifier.verify(chain: [flipped], at: now, purpose: .client) }
      #expect(
        ["certificate-bad", "certificate-foreign"].contains(fault?.code), "octet \(index): \(fault?.code ?? "accepted")"
      )
    }
    #expect(try verifier.verify(chain: [der], at: now, purpose: .client).agentHost == name("h1"))
  }

  @Test func garbageAndHeaps() throws {
    let authority = try CertificateAuthority.make(name: "cloud", at: now)
    let verifier = try verifier(authority)
    let der = try host(authority)
    func code(_ chain: [[UInt8]]) -> String? {
      problem { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }?.code
    }
    #expect(code([]) == "certificate-bad")
    #expect(code([[]]) == "certificate-bad")
    #expect(code(Array(repeating: der, count: 1000)) == "certificate-bad")
    #expect(code([der, [0x30]]) == "certificate-bad")
    #expect(code([[UInt8](repeating: 0x30, count: 100_000)]) == "certificate-bad")
    #expect(code([[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]]) == "certificate-bad")
    // Nested as deep as it goes.
    #expect(code([Array(repeatElement([0x30, 0x80] as [UInt8], count: 30_000).joined())]) == "certificate-bad")
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 1...300)).map { _ in UInt8.random(in: 0...255) }
      #expect(code([bytes]) == "certificate-bad")
    }
    // Nothing of it stays behind.
    #expect(code([der]) == nil)
  }

  @Test func namesWithANULAreRefused() throws {
    let authority = try OddAuthority(at: now)
    let plain = try authority.certificate(commonName: Array("anna".utf8), alternativeName: Array("anna.fr".utf8))
    let details = try CertificateDetails(plain)
    #expect(details.subject.description == "CN=anna" && details.alternativeNames == [.dns("anna.fr")])
    let verifier = try CertificateVerifier(authorities: [], foreign: [authority.pem()])
    #expect(try verifier.verify(chain: [plain.der()], at: now, purpose: .client).details == details)
    for (common, alternative) in [("anna\0.evil", "anna.fr"), ("\0", "anna.fr"), ("anna", "anna.fr\0.evil.com")] {
      let odd = try authority.certificate(commonName: Array(common.utf8), alternativeName: Array(alternative.utf8))
      let fault = problem { _ = try verifier.verify(chain: [odd.der()], at: now, purpose: .client) }
      #expect(fault?.code == "certificate-bad" && fault?.message.contains("NUL") == true)
    }
  }

  @Test func nobodysCertificateIsRefused() throws {
    let authority = try OddAuthority(at: now)
    let verifier = try CertificateVerifier(authorities: [], foreign: [authority.pem()])
    let nobody = try authority.certificate(commonName: nil, alternativeName: Array("a".utf8))
    #expect(
      problem { _ = try verifier.verify(chain: [nobody.der()], at: now, purpose: .client) }?.code == "certificate-bad")
  }

  @Test(arguments: [
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "", "x", "-----BEGIN CERTIFICATE-----\n",
  ])
  func badPEM(_ text: String) throws {
    #expect(problem { _ = try CertificateVerifier(authorities: [text]) }?.code == "certificate-bad")
    let good = try CertificateAuthority.make(name: "cloud", at: now).certificatePEM()
    let fault = problem { _ = try CertificateVerifier(authorities: [good + text]) }
    #expect((fault == nil) == (text == "" || text == "x"), "a broken one after a good one is not passed over")
    #expect(
      problem { _ = try CertificateVerifier(authorities: [good], revocationLists: [text]) }?.code
        == "revocation-list-bad")
  }
}

/// Makes certificates that no honest authority would make.
struct OddAuthority {
  private let key: PrivateKey
  private let authority: CertificateAuthority
  private let now: Timestamp

  init(at time: Timestamp) throws {
    authority = try CertificateAuthority.make(name: "odd", at: time)
    key = try PrivateKey(pem: authority.keyPEM())
    now = time
  }

  func pem() throws -> String { try authority.certificatePEM() }

  func certificate(commonName: [UInt8]?, alternativeName: [UInt8]) throws -> Certificate {
    let made = try #require(X509_new())
    let certificate = Certificate(owning: made)
    X509_set_version(made, 2)
    ASN1_INTEGER_set(X509_get_serialNumber(made), Int.random(in: 1...Int.max))
    ASN1_TIME_set(X509_getm_notBefore(made), time_t(now.seconds))
    ASN1_TIME_set(X509_getm_notAfter(made), time_t(now.seconds + 3600))
    X509_set_issuer_name(made, X509_get_subject_name(authority.certificate.pointer))
    X509_set_pubkey(made, key.pointer)
    if let commonName {
      X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made), "CN", Int32(V_ASN1_UTF8STRING), commonName, Int32(commonName.count), -1, 0)
    }
    // SEQUENCE { [2] IA5String }
    let der = [0x30, UInt8(alternativeName.count + 2), 0x82, UInt8(alternativeName.count)] + alternativeName
    let octets = try #require(ASN1_OCTET_STRING_new())
    defer { ASN1_OCTET_STRING_free(octets) }
    ASN1_OCTET_STRING_set(octets, der, Int32(der.count))
    let names = try #require(X509_EXTENSION_create_by_NID(nil, NID_subject_alt_name, 0, octets))
    defer { X509_EXTENSION_free(names) }
    X509_add_ext(made, names, -1)
    try #require(X509_sign(made, key.pointer, EVP_sha256()) > 0)
    return certificate
  }
}
