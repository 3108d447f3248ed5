import Quantities

/// One-time tokens for new hosts, found by identifier; a pure value like ``TokenTable``.
public struct EnrolmentTable: Sendable {
  static let prefix = "vce_"

  /// All records by identifier.
  public private(set) var byID: [String: EnrolmentRecord] = [:]

  /// Of records with one identifier the last counts.
  public init(records: some Sequence<EnrolmentRecord> = []) {
    for record in records { byID[record.id] = record }
  }

  /// The record of that identifier, used and expired ones, too; nil where there is none.
  public subscript(id: String) -> EnrolmentRecord? { byID[id] }

  /// Oldest first.
  public var records: [EnrolmentRecord] { byID.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) } }

  /// Issues a token for one host. Throws `bad-token-lifetime` beyond 30 days.
  public mutating func issue(
    for host: Name, by issuer: UserName, lifetime: Duration = .seconds(86400), at time: Timestamp
  ) throws(Problem) -> IssuedToken<EnrolmentRecord> {
    guard lifetime >= .seconds(1), lifetime <= .seconds(30 * 86400) else {
      throw Problem(
        .invalid, "bad-token-lifetime", "A token for host '\(host)' cannot last \(lifetime.text).",
        remedy: "Give it 1s to 30d; it is used once.")
    }
    let secret = try Secret.draw(prefix: Self.prefix)
    let record = EnrolmentRecord(
      id: secret.id, host: host, issuer: issuer, created: time, expires: time + lifetime,
      digest: try SecretDigest(secret))
    byID[record.id] = record
    return IssuedToken(record: record, text: secret.text)
  }

  /// Uses a token up for `host`; the changed record must be stored before the host gets its certificate.
  ///
  /// Throws `token-malformed`, `token-unknown`, and, to who has the right secret only, `token-used`,
  /// `token-revoked`, `token-expired`, `token-for-another-host`; the last does not use it up.
  public mutating func redeem(_ text: String, host: Name, at time: Timestamp) throws(Problem) -> EnrolmentRecord {
    let secret = try Secret(parsing: text, prefix: Self.prefix)
    guard var record = byID[secret.id], record.digest.fits(secret) else {
      throw Self.problem("token-unknown", "There is no enrolment token '\(secret.id)' with that secret.")
    }
    if let used = record.used {
      throw Self.problem(
        "token-used", "The enrolment token '\(record.id)' of host '\(record.host)' was used at \(used).")
    }
    if let revoked = record.revoked {
      throw Self.problem("token-revoked", "The enrolment token '\(record.id)' was revoked at \(revoked).")
    }
    guard record.isValid(at: time) else {
      throw Self.problem(
        "token-expired", "The enrolment token '\(record.id)' expired at \(record.expires); it is \(time) now.")
    }
    guard record.host == host else {
      throw Self.problem(
        "token-for-another-host", "The enrolment token '\(record.id)' is for host '\(record.host)', not for '\(host)'.")
    }
    record.used = time
    byID[record.id] = record
    return record
  }

  /// Revokes a token that was not used; again does nothing. Throws `no-such-token`.
  @discardableResult
  public mutating func revoke(_ id: String, at time: Timestamp) throws(Problem) -> EnrolmentRecord {
    guard var record = byID[id] else {
      throw Problem(
        .notFound, "no-such-token", "There is no enrolment token '\(id.excerpt)'.", remedy: "List them first.")
    }
    if record.revoked == nil { record.revoked = time }
    byID[id] = record
    return record
  }

  /// Forgets tokens that expired ``TokenTable/afterlife`` ago; their identifiers.
  public mutating func forget(at time: Timestamp) -> [String] {
    let gone = byID.values.filter { time - $0.expires > TokenTable.afterlife }.map(\.id)
    for id in gone { byID[id] = nil }
    return gone.sorted()
  }

  private static func problem(_ code: String, _ message: String) -> Problem {
    Problem(
      .notPermitted, code, message, remedy: "Ask an administrator for a new one: virtcloud host enrol.")
  }
}
