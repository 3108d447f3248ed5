import Quantities

/// The bearer tokens of all users, found by identifier.
///
/// A pure value, the records of which are what is stored: `init(records:)` after a start, and each change returns
/// the record that has to be written.
public struct TokenTable: Sendable {
  /// Last use is noted no finer than this, so that reading does not mean writing.
  public static let useInterval: Duration = .seconds(300)
  /// How long a token that opens nothing any more stays on the list, so that its owner learns why.
  public static let afterlife: Duration = .seconds(30 * 86400)
  static let prefix = "vct_"

  /// All records by identifier.
  public private(set) var byID: [String: TokenRecord] = [:]

  /// Of records with one identifier the last counts.
  public init(records: some Sequence<TokenRecord> = []) {
    for record in records { byID[record.id] = record }
  }

  /// Tokens that are kept, expired and revoked ones, too.
  public var count: Int { byID.count }

  /// The record of that identifier, expired and revoked ones, too; nil where there is none.
  public subscript(id: String) -> TokenRecord? { byID[id] }

  /// A user's tokens, oldest first; everybody's where nil. Linear in the size of the table.
  public func records(of owner: UserName? = nil) -> [TokenRecord] {
    byID.values.filter { owner == nil || $0.owner == owner }.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  /// Issues a token to `principal`, with at most the scopes that they came with.
  ///
  /// `lifetime` nil: it does not expire. Throws `scope-too-wide`, `bad-token-description`, `bad-token-lifetime`.
  public mutating func issue(
    to principal: Principal, scopes: Set<Scope>, description: String, lifetime: Duration?, at time: Timestamp
  ) throws(Problem) -> IssuedToken<TokenRecord> {
    try Self.check(scopes, of: principal)
    guard description.utf8.count <= 200, !description.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw Problem(
        .invalid, "bad-token-description", "'\(description.excerpt)' is too long, or has control characters in it.",
        remedy: "Describe the token in one line of 200 octets at most.")
    }
    guard lifetime.map({ $0 >= .seconds(1) }) ?? true else {
      throw Problem(
        .invalid, "bad-token-lifetime", "A token cannot expire before it is issued.",
        remedy: "Give a lifetime of a second at least, such as 90d.")
    }
    let secret = try Secret.draw(prefix: Self.prefix)
    let record = TokenRecord(
      id: secret.id, owner: principal.user, uid: principal.uid, groups: principal.groups, scopes: scopes,
      description: description, created: time, expires: lifetime.map { time + $0 } ?? .distantFuture,
      digest: try SecretDigest(secret))
    byID[record.id] = record
    return IssuedToken(record: record, text: secret.text)
  }

  /// The record of a token that is shown; takes the same time for wrong secrets wherever they are wrong.
  ///
  /// Throws `token-malformed`, `token-unknown`, and, to who has the right secret only, `token-revoked` and
  /// `token-expired`.
  public func verify(_ text: String, at time: Timestamp) throws(Problem) -> TokenRecord {
    let secret = try Secret(parsing: text, prefix: Self.prefix)
    guard let record = byID[secret.id], record.digest.fits(secret) else {
      throw Problem(
        .notPermitted, "token-unknown", "There is no token '\(secret.id)' with that secret.",
        remedy: "Get a new token: virtcloud token issue.")
    }
    if let revoked = record.revoked {
      throw Problem(
        .notPermitted, "token-revoked", "The token '\(record.id)' was revoked at \(revoked).",
        remedy: "Get a new token: virtcloud token issue.")
    }
    guard record.isValid(at: time) else {
      throw Problem(
        .notPermitted, "token-expired", "The token '\(record.id)' expired at \(record.expires); it is \(time) now.",
        remedy: "Get a new token: virtcloud token issue.")
    }
    return record
  }

  /// Notes that a token was used; the changed record, or nil where the last use was noted shortly before.
  public mutating func noteUse(of id: String, at time: Timestamp) -> TokenRecord? {
    guard let last = byID[id], last.lastUsed.map({ time - $0 >= Self.useInterval }) ?? true else { return nil }
    byID[id]?.lastUsed = time
    return byID[id]
  }

  /// Revokes a token; again does nothing. Throws `no-such-token`.
  @discardableResult
  public mutating func revoke(_ id: String, at time: Timestamp) throws(Problem) -> TokenRecord {
    guard var record = byID[id] else {
      throw Problem(
        .notFound, "no-such-token", "There is no token '\(id.excerpt)'.", remedy: "List yours: virtcloud token list.")
    }
    if record.revoked == nil { record.revoked = time }
    byID[id] = record
    return record
  }

  /// Revokes all that a user has; the changed records.
  public mutating func revokeAll(of owner: UserName, at time: Timestamp) -> [TokenRecord] {
    let live = records(of: owner).filter { $0.revoked == nil }
    for record in live { byID[record.id]?.revoked = time }
    return live.compactMap { byID[$0.id] }
  }

  /// Forgets tokens that have opened nothing for ``afterlife``; their identifiers.
  public mutating func forget(at time: Timestamp) -> [String] {
    let gone = byID.values.filter { time - min($0.revoked ?? $0.expires, $0.expires) > Self.afterlife }.map(\.id)
    for id in gone { byID[id] = nil }
    return gone.sorted()
  }

  /// A token must not be a way to more than one came with.
  private static func check(_ scopes: Set<Scope>, of principal: Principal) throws(Problem) {
    guard let wide = scopes.max(), !principal.scopes.grants(wide) else { return }
    throw Problem(
      .notPermitted, "scope-too-wide",
      "\(principal.user) came without the scope '\(wide.rawValue)' and cannot give it on.",
      remedy: "Ask for a narrower scope, or log in without a token.")
  }
}

extension AccessSettings {
  /// The principal behind a verified token. Throws `not-let-in`.
  public func principal(token record: TokenRecord) throws(Problem) -> Principal {
    try principal(
      tokenID: record.id, owner: record.owner, groups: record.groups, scopes: record.scopes, uid: record.uid)
  }
}
