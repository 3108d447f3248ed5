import COpenSSL
import Cryptography
import Quantities
import Synchronization

/// Verifies certificates against authorities, revocation lists and a list of what is denied (RFC 5280 section 6,
/// by libcrypto; times and revocation by ourselves, so that a refusal can say which and when).
///
/// Never changed after `init`: for new lists make a new one, by which what was remembered is forgotten. Safe from
/// any thread.
public final class CertificateVerifier: Sendable {
  /// What the certificate is shown for.
  public enum Purpose: Sendable {
    case client
    case server
  }

  /// Certificates in a chain that is looked at.
  public static let longestChain = 10
  /// How far two clocks may be apart.
  public static let clockSkew: Duration = .seconds(300)

  let store: CertificateStore
  /// DER forms of the cloud's own authorities.
  let ours: Set<[UInt8]>
  let lists: [RevocationList]
  let denied: Set<String>
  let allowsProxies: Bool
  private let remembered = Mutex<[Key: VerifiedCertificate]>([:])

  private struct Key: Hashable {
    var fingerprint: String
    var purpose: Purpose
  }

  /// `authorities`: the cloud's own in PEM, the only ones that make agents; more than one while they change.
  /// `foreign`: others that are trusted, such as the grid's. `revocationLists`: of either, in PEM; an authority
  /// without a list revokes nothing. `denied`: fingerprints (SHA-256, lower-case hexadecimal) of certificates that
  /// are refused whatever their issuer says. Throws `certificate-bad`, `revocation-list-bad`.
  public init(
    authorities: [String], foreign: [String] = [], revocationLists: [String] = [], denied: Set<String> = [],
    allowsProxies: Bool = false
  ) throws(Problem) {
    var own: [Certificate] = []
    for pem in authorities { own += try Certificate.read(pem: pem) }
    var others: [Certificate] = []
    for pem in foreign { others += try Certificate.read(pem: pem) }
    store = try CertificateStore(own + others)
    ours = Set(try own.map { authority throws(Problem) in try authority.der() })
    lists = try revocationLists.map { pem throws(Problem) in try RevocationList(pem: pem) }
    self.denied = denied
    self.allowsProxies = allowsProxies
  }

  /// Verifies what a peer showed: DER forms, its own certificate first, then those that lead to an authority.
  ///
  /// That the peer has the private key is for TLS to prove. A certificate verified before costs a digest and a look-up while it and its chain are valid. Throws
  /// `certificate-expired`, `certificate-not-yet-valid`, `certificate-revoked`, `certificate-foreign`,
  /// `certificate-bad`, `revocation-list-expired`.
  public func verify(
    chain: [[UInt8]], at time: Timestamp, purpose: Purpose
  ) throws(Problem) -> VerifiedCertificate {
    guard let first = chain.first, !first.isEmpty else { throw CertificateDetails.bad("there is none") }
    guard chain.count <= Self.longestChain else {
      throw CertificateDetails.bad("\(chain.count) certificates are shown, more than \(Self.longestChain)")
    }
    let key = Key(fingerprint: Hex.text(Digest.sha256(first)), purpose: purpose)
    if let known = remembered.withLock({ $0[key] }), known.notBefore <= time, time <= known.notAfter { return known }
    let certificates = try chain.map { bytes throws(Problem) in try Certificate(der: bytes) }
    let verified = try verify(certificates, time, purpose)
    remembered.withLock { table in
      // Rather verify all again than grow without bound.
      if table.count >= 10_000 { table.removeAll() }
      table[key] = verified
    }
    return verified
  }
}
