import Quantities

/// What is stored of a bearer token; the token itself is shown once, when it is issued.
public struct TokenRecord: Hashable, Codable, Sendable, Identifiable {
  /// 16 hexadecimal digits.
  public let id: String
  /// Whose rights it carries.
  public let owner: UserName
  /// The owner's local account, where the token was issued to one.
  public let uid: UInt32?
  /// The owner's groups when it was issued.
  public let groups: Set<Name>
  /// What it is good for, at most what its owner may do.
  public let scopes: Set<Scope>
  /// What it is for, in the owner's words.
  public let description: String
  /// When it was issued, UTC.
  public let created: Timestamp
  /// `.distantFuture`: does not expire.
  public let expires: Timestamp
  /// To ``TokenTable/useInterval``; nil where it was never used.
  public internal(set) var lastUsed: Timestamp?
  /// When it was taken back, UTC; nil where it was not.
  public internal(set) var revoked: Timestamp?
  let digest: SecretDigest

  /// True where it opens doors at that time.
  public func isValid(at time: Timestamp) -> Bool { revoked == nil && time < expires }
}

/// What is stored of a one-time token by which a new host gets its certificate.
public struct EnrolmentRecord: Hashable, Codable, Sendable, Identifiable {
  /// 16 hexadecimal digits.
  public let id: String
  /// The only host that it is good for.
  public let host: Name
  /// Who let the host in.
  public let issuer: UserName
  /// When it was issued, UTC.
  public let created: Timestamp
  /// From when on it is refused, UTC.
  public let expires: Timestamp
  /// When the host came; nil where it has not yet.
  public internal(set) var used: Timestamp?
  /// When it was taken back, UTC; nil where it was not.
  public internal(set) var revoked: Timestamp?
  let digest: SecretDigest

  /// True where a host may still enrol with it at that time.
  public func isValid(at time: Timestamp) -> Bool { revoked == nil && used == nil && time < expires }
}

/// A token just issued: the only moment at which its text is known.
public struct IssuedToken<Record: Sendable>: Sendable {
  /// What is kept of it.
  public let record: Record
  /// The token: to be shown or sent once, and never logged.
  public let text: String
}
