import Cryptography
import Quantities

/// A certificate that has been verified, and whom it stands for.
public struct VerifiedCertificate: Hashable, Sendable {
  /// Of the end entity: for a proxy certificate the one that it stands for.
  public var details: CertificateDetails
  /// SHA-256 of the certificate that was shown, lower-case hexadecimal digits.
  public var fingerprint: String
  /// It was made by the cloud's own authority.
  public var isOurs: Bool
  /// All of the chain is valid from here…
  public var notBefore: Timestamp
  /// …to here, its revocation lists included.
  public var notAfter: Timestamp

  /// The host whose agent this is; nil for everybody else. Only the cloud's own authority makes agents.
  public var agentHost: Name? { ours(CertificateProfile.agents).flatMap { Name($0) } }

  /// The user named by the cloud's own authority; nil for everybody else.
  public var ownUser: UserName? {
    ours(CertificateProfile.users).flatMap { UserName($0) }.flatMap { $0.isAgent ? nil : $0 }
  }

  /// The common name where the whole subject is `CN=…,O=<organization>` and ours.
  private func ours(_ organization: String) -> String? {
    let parts = details.subject.parts
    guard isOurs, parts.count == 2, parts.allSatisfy({ $0.count == 1 }), parts[0][0].type == "CN",
      parts[1][0] == .init(type: "O", value: organization)
    else { return nil }
    return parts[0][0].value
  }
}

extension AccessSettings {
  /// Who shows a verified certificate: an agent, a user of the cloud's own, or somebody by the grid map.
  ///
  /// Throws `not-let-in`, `certificate-name-unusable`.
  public func principal(certificate: VerifiedCertificate) throws(Problem) -> Principal {
    if let host = certificate.agentHost { return Principal(agentOf: host) }
    let (subject, issuer) = (certificate.details.subject, certificate.details.issuer)
    guard let user = certificate.ownUser else {
      // What we made for a server is nobody's, whatever the grid map says.
      if certificate.isOurs { throw Self.notLetIn("'\(subject.description.excerpt)'") }
      return try principal(subject: subject, issuer: issuer, fingerprint: certificate.fingerprint)
    }
    let origin = Principal.Origin.certificate(
      subject: subject.description, issuer: issuer.description, fingerprint: certificate.fingerprint)
    return try admitted(Principal(user: user, groups: configuredGroups(of: user), origin: origin), as: "\(user)")
  }
}
