import Controller
import Cryptography
import Identity
import Quantities
import WebServer

/// The certificate of the cloud's own authority by which a service shows who it is, exchanged for another in time.
///
/// Its key is kept nowhere. Used by one thread; time is passed in.
final class OwnIdentity {
  /// How often one looks whether it is due: its last third is a month.
  static let interval = Duration.seconds(3600)

  private let names: [AlternativeName]
  private let commonName: String
  private let authority: CertificateAuthority
  private(set) var identity: TLSIdentity
  private(set) var details: CertificateDetails
  private var lastLook: Timestamp

  /// Makes the first one.
  ///
  /// - Parameter names: Host names and addresses; none are this machine's.
  /// - Throws: `Problem` where a name is none, or the authority can issue nothing.
  init(names: [String], by authority: CertificateAuthority, at time: Timestamp) throws {
    let all = names.isEmpty ? [ThisMachine.name.description, "localhost", "127.0.0.1", "::1"] : names
    self.names = try all.map(AlternativeName.init(parsing:))
    commonName = all[0]
    self.authority = authority
    lastLook = time
    (identity, details) = try Self.make(self.names, commonName, authority, time)
  }

  /// Another one where one hour after the last look two thirds of its life are over; nil where it stays.
  ///
  /// - Throws: `Problem` where the authority can issue nothing: what was stays, and is looked at again in an hour.
  func renewed(at time: Timestamp) throws -> TLSIdentity? {
    // A clock that was set back must not stop the looks.
    guard time < lastLook || time >= lastLook + Self.interval else { return nil }
    lastLook = time
    guard details.isRenewalDue(at: time) else { return nil }
    (identity, details) = try Self.make(names, commonName, authority, time)
    return identity
  }

  private static func make(
    _ names: [AlternativeName], _ commonName: String, _ authority: CertificateAuthority, _ time: Timestamp
  ) throws -> (TLSIdentity, CertificateDetails) {
    let key = try PrivateKey.make()
    let request = try CertificateRequest.make(for: key, commonName: commonName)
    let certificate = try authority.issueServer(names: names, for: request, at: time)
    let identity = TLSIdentity(
      certificateChain: try certificate.pem() + authority.certificatePEM(), key: try key.pem())
    return (identity, try CertificateDetails(certificate))
  }
}
