import Cryptography
import Identity
import Quantities
import Testing

@Suite struct VerifierTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private struct Cloud {
    let authority: CertificateAuthority
    let request: CertificateRequest

    init(at time: Timestamp) throws {
      authority = try CertificateAuthority.make(name: "cloud", at: time)
      request = try CertificateRequest.make(for: PrivateKey.make(), commonName: "x")
    }

    func verifier(lists: [String] = [], denied: Set<String> = []) throws -> CertificateVerifier {
      try CertificateVerifier(authorities: [authority.certificatePEM()], revocationLists: lists, denied: denied)
    }
  }

  @Test func whoWeCertifiedIsWhoTheyAre() throws {
    let cloud = try Cloud(at: now)
    let verifier = try cloud.verifier()
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now).der()
    let agent = try verifier.verify(chain: [host], at: now, purpose: .client)
    #expect(agent.isOurs && agent.agentHost == name("h1") && agent.ownUser == nil)
    #expect(try AccessSettings().principal(certificate: agent) == Principal(agentOf: name("h1")))
    let anna = try cloud.authority.issueUser(user("anna"), for: cloud.request, at: now).der()
    let person = try verifier.verify(chain: [anna], at: now, purpose: .client)
    #expect(person.agentHost == nil)
    let principal = try AccessSettings(groups: [name("physics"): [user("anna")]]).principal(certificate: person)
    #expect(principal.user == user("anna") && principal.groups == [name("physics")])
    #expect(
      principal.origin
        == .certificate(subject: "CN=anna,O=users", issuer: "CN=cloud,O=virtcloud", fingerprint: person.fingerprint))
  }

  @Test func aCertificateServesItsPurposeOnly() throws {
    let cloud = try Cloud(at: now)
    let verifier = try cloud.verifier()
    let names = [AlternativeName.dns("cloud")]
    let server = try cloud.authority.issueServer(names: names, for: cloud.request, at: now).der()
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now).der()
    #expect(try verifier.verify(chain: [server], at: now, purpose: .server).details.alternativeNames == names)
    #expect(problem { _ = try verifier.verify(chain: [server], at: now, purpose: .client) }?.code == "certificate-bad")
    #expect(problem { _ = try verifier.verify(chain: [host], at: now, purpose: .server) }?.code == "certificate-bad")
    let authority = try cloud.authority.certificate.der()
    #expect(
      problem { _ = try verifier.verify(chain: [authority], at: now, purpose: .client) }?.code == "certificate-bad")
  }

  @Test func timesAreToldWithBothClocks() throws {
    let cloud = try Cloud(at: now)
    let verifier = try cloud.verifier()
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, life: .seconds(3600), at: now).der()
    func code(_ time: Timestamp) -> String? {
      problem { _ = try verifier.verify(chain: [host], at: time, purpose: .client) }?.code
    }
    // 300 seconds before it was made, and 300 of skew, at either end.
    #expect(code(now + .seconds(-601)) == "certificate-not-yet-valid")
    #expect(code(now + .seconds(-600)) == nil)
    #expect(code(now + .seconds(3900)) == nil)
    // Also what was verified and remembered ends.
    #expect(code(now + .seconds(3901)) == "certificate-expired")
    let early = problem { _ = try verifier.verify(chain: [host], at: now + .seconds(-7200), purpose: .client) }
    #expect(
      early?.message.contains("\(now + .seconds(-300))") == true
        && early?.message.contains("\(now + .seconds(-7200))") == true)
    #expect(early?.remedy.contains("clocks") == true && early?.kind == .notPermitted)
  }

  @Test func anExpiredAuthorityCertifiesNobody() throws {
    let cloud = try Cloud(at: now)
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now).der()
    let late = now + .seconds(4000 * 86400)
    let expired = problem { _ = try cloud.verifier().verify(chain: [host], at: late, purpose: .client) }
    #expect(expired?.code == "certificate-expired")
  }

  @Test func revokedAndDenied() throws {
    let cloud = try Cloud(at: now)
    let certificates = try ["h1", "h2"].map { try cloud.authority.issueHost(name($0), for: cloud.request, at: now) }
    let details = try certificates.map { try CertificateDetails($0) }
    let chains = try certificates.map { [try $0.der()] }
    let list = try cloud.authority.revocationList(
      of: [Revocation(serial: details[0].serial, time: now)], number: 1, life: .seconds(3600), at: now)
    let verifier = try cloud.verifier(lists: [list.pem()])
    let refused = problem { _ = try verifier.verify(chain: chains[0], at: now, purpose: .client) }
    #expect(refused?.code == "certificate-revoked" && refused?.message.contains("\(now)") == true)
    #expect(try verifier.verify(chain: chains[1], at: now, purpose: .client).notAfter == now + .seconds(3900))
    // Remembered no longer than the list is good for.
    let stale = problem { _ = try verifier.verify(chain: chains[1], at: now + .seconds(3901), purpose: .client) }
    #expect(stale?.code == "revocation-list-expired")
    let denying = try cloud.verifier(denied: [details[1].fingerprint])
    #expect(
      problem { _ = try denying.verify(chain: chains[1], at: now, purpose: .client) }?.code == "certificate-revoked")
    #expect(try denying.verify(chain: chains[0], at: now, purpose: .client).agentHost == name("h1"))
  }

  @Test func theNewestListCounts() throws {
    let cloud = try Cloud(at: now)
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now)
    let old = try cloud.authority.revocationList(of: [], number: 1, life: .seconds(3600), at: now + .seconds(-86400))
    let new = try cloud.authority.revocationList(
      of: [Revocation(serial: CertificateDetails(host).serial, time: now)], number: 2, at: now)
    func code(_ lists: [RevocationList]) throws -> String? {
      let verifier = try cloud.verifier(lists: try lists.map { try $0.pem() })
      return problem { _ = try verifier.verify(chain: [host.der()], at: now, purpose: .client) }?.code
    }
    #expect(try code([old]) == "revocation-list-expired")
    for lists in [[old, new], [new, old], [new]] { #expect(try code(lists) == "certificate-revoked") }
  }

  @Test func anImpostorsListRevokesNothing() throws {
    let cloud = try Cloud(at: now)
    let host = try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now)
    let impostor = try CertificateAuthority.make(name: "cloud", at: now)
    let list = try impostor.revocationList(
      of: [Revocation(serial: CertificateDetails(host).serial, time: now)], number: 1, at: now)
    let verifier = try cloud.verifier(lists: [list.pem()])
    #expect(try verifier.verify(chain: [host.der()], at: now, purpose: .client).agentHost == name("h1"))
  }

  @Test func foreignCertificates() throws {
    let cloud = try Cloud(at: now)
    let verifier = try cloud.verifier()
    for impostorName in ["cloud", "other"] {
      let impostor = try CertificateAuthority.make(name: impostorName, at: now)
      let host = try impostor.issueHost(name("h1"), for: cloud.request, at: now).der()
      for chain in [[host], [host, try impostor.certificate.der()]] {
        #expect(
          problem { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }?.code == "certificate-foreign")
      }
      // Trusted for people, an authority still makes no agents and no users of ours.
      let trusting = try CertificateVerifier(
        authorities: [cloud.authority.certificatePEM()], foreign: [impostor.certificatePEM()])
      let verified = try trusting.verify(chain: [host], at: now, purpose: .client)
      #expect(!verified.isOurs && verified.agentHost == nil && verified.ownUser == nil)
      #expect(problem { _ = try AccessSettings().principal(certificate: verified) }?.code == "not-let-in")
    }
  }

  @Test func serversOfOursAreNobody() throws {
    let cloud = try Cloud(at: now)
    let server = try cloud.authority.issueServer(names: [.dns("x")], for: cloud.request, at: now).der()
    let verified = try cloud.verifier().verify(chain: [server], at: now, purpose: .server)
    let rule = GridRule(subject: .any, user: "everybody")
    #expect(problem { _ = try AccessSettings(gridMap: [rule]).principal(certificate: verified) }?.code == "not-let-in")
  }

  @Test func aKeptConnectionCostsNothing() throws {
    let cloud = try Cloud(at: now)
    let verifier = try cloud.verifier()
    let chain = [try cloud.authority.issueHost(name("h1"), for: cloud.request, at: now).der()]
    let clock = ContinuousClock()
    let first = try clock.measure { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }
    let later = try clock.measure {
      for _ in 0..<100 { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }
    }
    #expect(later / 100 < max(first, .milliseconds(1)))
  }
}
