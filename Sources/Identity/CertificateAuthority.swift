import COpenSSL
import Cryptography
import Quantities

/// The cloud's own authority: it certifies the service, the hosts' agents and users who have no other certificate.
public final class CertificateAuthority: Sendable {
  /// For clocks that are behind: certificates are valid from this long before they are made.
  public static let clockSkew: Duration = .seconds(300)
  /// Of the authority itself.
  public static let life: Duration = .seconds(3652 * 86400)

  /// Its own, signed by itself.
  public let certificate: Certificate
  let key: PrivateKey

  /// A new authority: ECDSA on P-256, ten years, for end entities only (pathlen 0). Throws `cryptography-failed`.
  public static func make(name: String, at time: Timestamp) throws(Problem) -> CertificateAuthority {
    let key = try PrivateKey.make()
    let draft = try CertificateDraft(.authority(name: String(name.prefix(64))))
    let certificate = try draft.signed(
      public: key.pointer, by: nil, with: key, from: time - clockSkew, to: time + life)
    return try CertificateAuthority(certificate: certificate, key: key)
  }

  /// Takes an authority that was made before. Throws `certificate-bad`, `key-bad`, `authority-bad`.
  public convenience init(certificatePEM: String, keyPEM: String) throws(Problem) {
    guard let certificate = try Certificate.read(pem: certificatePEM).first else {
      throw CertificateDetails.bad("there is none")
    }
    try self.init(certificate: certificate, key: PrivateKey(pem: keyPEM))
  }

  init(certificate: Certificate, key: PrivateKey) throws(Problem) {
    self.certificate = certificate
    self.key = key
    guard X509_check_private_key(certificate.pointer, key.pointer) == 1 else {
      ERR_clear_error()
      throw Self.bad("its key and its certificate do not belong together")
    }
    let usage = X509_get_key_usage(certificate.pointer)
    guard X509_check_ca(certificate.pointer) == 1, usage & UInt32(KU_KEY_CERT_SIGN | KU_CRL_SIGN) != 0 else {
      throw Self.bad("its certificate is not that of an authority")
    }
  }

  /// The certificate in PEM: what agents and clients trust.
  public func certificatePEM() throws(Problem) -> String { try certificate.pem() }

  /// The private key in PEM: for a file with mode 0600.
  public func keyPEM() throws(Problem) -> String { try key.pem() }

  /// A certificate of the service, for these names. Throws `bad-server-name` where there are none.
  public func issueServer(
    names: [AlternativeName], for request: CertificateRequest, life: Duration = .seconds(90 * 86400),
    at time: Timestamp
  ) throws(Problem) -> Certificate {
    guard !names.isEmpty else {
      throw Problem(
        .invalid, "bad-server-name", "A server's certificate needs a name.", remedy: "Name the server as clients do.")
    }
    return try issue(.server(names: names), request, life, time)
  }

  /// A certificate of a host's agent: `CN=<host>,O=agents`, whatever the request says. Throws `request-bad`.
  public func issueHost(
    _ host: Name, for request: CertificateRequest, life: Duration = .seconds(30 * 86400), at time: Timestamp
  ) throws(Problem) -> Certificate {
    try issue(.host(host), request, life, time)
  }

  /// A certificate of a user: `CN=<user>,O=users`, whatever the request says. Throws `request-bad`, `bad-user-name`.
  public func issueUser(
    _ user: UserName, for request: CertificateRequest, life: Duration = .seconds(365 * 86400), at time: Timestamp
  ) throws(Problem) -> Certificate {
    guard !user.isAgent else {
      throw Problem(
        .invalid, "bad-user-name", "'\(user)' is the name of an agent, not of a user.",
        remedy: "Enrol the host; its agent gets a certificate then.")
    }
    return try issue(.user(user), request, life, time)
  }

  private func issue(
    _ profile: CertificateProfile, _ request: CertificateRequest, _ life: Duration, _ time: Timestamp
  ) throws(Problem) -> Certificate {
    let end = try Timestamp(X509_get0_notAfter(certificate.pointer))
    guard time < end else { throw Self.bad("its certificate ended at \(end); it is \(time) now") }
    return try request.withKey { key throws(Problem) in
      try CertificateDraft(profile).signed(
        public: key, by: certificate, with: self.key, from: time - Self.clockSkew, to: min(time + life, end))
    }
  }

  static func bad(_ fault: String) -> Problem {
    Problem(
      .failed, "authority-bad", "The cloud's own certificate authority cannot be used: \(fault).",
      remedy: "Restore its certificate and key from a backup, or make a new authority and enrol the hosts again.")
  }
}

extension Timestamp {
  static func - (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(seconds: time.seconds - duration.components.seconds)
  }
}
