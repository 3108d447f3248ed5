import Controller
import Cryptography
import Glibc
import Identity
import Languages
import Linux
import Quantities
import Synchronization
import TestSupport
import Testing
import WebClient

@testable import Commands

/// The certificate by which a service shows who it is.
@Suite struct OwnIdentityTests {
  private static let start = Timestamp(seconds: 1_800_000_000)
  private static let day: Int64 = 86400

  private func after(days: Int64, seconds: Int64 = 0) -> Timestamp {
    Timestamp(seconds: Self.start.seconds + days * Self.day + seconds)
  }

  @Test func isRenewedAfterTwoThirds() throws {
    let authority = try CertificateAuthority.make(name: "test", at: Self.start)
    let own = try OwnIdentity(names: ["localhost"], by: authority, at: Self.start)
    let first = own.identity
    #expect(own.details.alternativeNames == [try AlternativeName(parsing: "localhost")])
    for days: Int64 in [0, 1, 30, 59] { #expect(try own.renewed(at: after(days: days)) == nil) }
    // Within the hour after a look nobody looks.
    let due = after(days: 60, seconds: 300)
    #expect(try own.renewed(at: Timestamp(seconds: due.seconds - 1800)) == nil)
    #expect(own.details.isRenewalDue(at: due))
    #expect(try own.renewed(at: due) == nil)
    let second = try #require(try own.renewed(at: Timestamp(seconds: due.seconds + 1800)))
    #expect(second != first && second == own.identity && second.key != first.key)
    #expect(own.details.notAfter == Timestamp(seconds: due.seconds + 1800 + 90 * Self.day))
    #expect(try own.renewed(at: after(days: 61)) == nil)
    // A clock that is set back, and again forward, changes nothing about that.
    #expect(try own.renewed(at: after(days: 1)) == nil)
    #expect(try own.renewed(at: after(days: 130)) != nil)
  }

  /// An authority that has ended makes none: what was stays, and there is another look later.
  @Test func whatCannotBeRenewedStays() throws {
    let authority = try CertificateAuthority.make(name: "test", at: Self.start)
    let own = try OwnIdentity(names: [], by: authority, at: Self.start)
    let first = own.identity
    #expect(throws: Problem.self) { try own.renewed(at: after(days: 3700)) }
    #expect(own.identity == first)
    #expect(try own.renewed(at: after(days: 3600)) != nil)
  }

  /// Whoever connects after it was renewed is shown the new one, and nothing else changes.
  @Test(KernelTest.requireRoot) func aServiceShowsTheNewOne() throws {
    var template = Array("/var/tmp/vct-own-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let place = try Installation(stateDirectory: folder + "/state")
    defer { try? ProcessRun.spawn("/bin/rm", ["rm", "-rf", folder, place.runDirectory]) }
    let text = """
      state: \(folder)/state
      listen: [{address: 127.0.0.1, port: 0}]
      socket: {path: \(folder)/control.socket}
      local-agent: false
      """
    let configuration = try ServiceConfigurationReader.read(
      text: Array(text.utf8), file: "service.yaml", environment: [:])
    let time = Mutex(Timestamp.now)
    let run = try ServiceRun(ServicePlan(configuration), isStarter: true, now: { time.withLock { $0 } })
    defer { run.end() }
    let address = try #require(run.addresses.first { $0.hasPrefix("https:") })
    func shown() throws -> CertificateDetails {
      try CertificateDetails(pem: try #require(PeerCertificates.read(from: Endpoint(address)).first))
    }
    let first = try shown()
    run.renew()
    #expect(try shown() == first)
    time.withLock { $0 = $0 + .seconds(61 * Self.day) }
    run.renew()
    let second = try shown()
    #expect(second.keyFingerprint != first.keyFingerprint && second.notAfter > first.notAfter)
    #expect(second.alternativeNames == first.alternativeNames && second.issuer == first.issuer)
    run.renew()
    #expect(try shown() == second)
  }
}
