import Linux
import Quantities
import WebClient

/// Who a host is, and whom it believes: what its enrolment left in its state directory.
struct Credentials: Sendable {
  var host: Name
  var controllers: [String]
  /// PEM.
  var key: String
  var certificate: HostCertificate
  /// PEM of the authority that must have signed the controllers' certificates: the one of the first contact.
  var authority: String

  /// Nil where the host was never enrolled.
  static func read(_ places: AgentPlaces) throws -> Credentials? {
    guard let membership = try places.readMembership(), let key = try DurableFile.read(places.key),
      let certificate = try DurableFile.read(places.certificate), let authority = try DurableFile.read(places.authority)
    else { return nil }
    return Credentials(
      host: membership.host, controllers: membership.controllers, key: text(key),
      certificate: try HostCertificate(pem: text(certificate)), authority: text(authority))
  }

  /// What was enrolled counts from the moment at which the membership, which comes last, is on the disk.
  func write(_ places: AgentPlaces) throws {
    try DurableFile.write(Array(authority.utf8), to: places.authority)
    try DurableFile.write(Array(certificate.pem.utf8), to: places.certificate)
    try places.write(AgentPlaces.Membership(host: host, controllers: controllers))
  }

  var tls: ClientTLS {
    ClientTLS(authority: .pem(authority), identity: .pem(certificate: certificate.pem, key: key))
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
