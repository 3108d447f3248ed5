import Quantities

extension AccessSettings {
  /// A local user by the credentials of a socket's peer.
  ///
  /// `name` and `groupNames` are what the account database calls them, as far as the caller knows; an account
  /// whose name cannot be a user's is `uid-1000`, and groups whose name cannot be a group's are left out. Throws
  /// `not-let-in`.
  public func principal(
    uid: UInt32, gid: UInt32, name: String?, groupNames: [String] = []
  ) throws(Problem) -> Principal {
    let user = name.flatMap(UserName.init).flatMap { $0.isAgent ? nil : $0 } ?? UserName(uid: uid)
    return try admitted(
      Principal(
        user: user, groups: Set(groupNames.compactMap { Name($0) }).union(configuredGroups(of: user)),
        origin: .socket(uid: uid, gid: gid)),
      as: "Local user \(user)")
  }

  /// A person by their verified certificate. Throws `not-let-in`, `certificate-name-unusable`.
  public func principal(
    subject: DistinguishedName, issuer: DistinguishedName, fingerprint: String
  ) throws(Problem) -> Principal {
    guard let rule = gridMap.first(where: { $0.matches(subject: subject, issuer: issuer) }) else {
      throw Self.notLetIn("'\(subject.description.excerpt)', certified by '\(issuer.description.excerpt)',")
    }
    let user = try rule.user(for: subject)
    return try admitted(
      Principal(
        user: user, groups: rule.groups.union(configuredGroups(of: user)),
        origin: .certificate(subject: subject.description, issuer: issuer.description, fingerprint: fingerprint)),
      as: "\(user)")
  }

  /// Somebody by a token that is theirs: groups as of now where they are configured, else as of the token's issue.
  /// Throws `not-let-in`.
  public func principal(
    tokenID: String, owner: UserName, groups: Set<Name>, scopes: Set<Scope>, uid: UInt32?
  ) throws(Problem) -> Principal {
    try admitted(
      Principal(
        user: owner, groups: groups.union(configuredGroups(of: owner)), origin: .token(id: tokenID), scopes: scopes,
        uid: uid),
      as: "\(owner)")
  }

  func admitted(_ principal: Principal, as who: String) throws(Problem) -> Principal {
    guard role(of: principal) != nil else { throw Self.notLetIn(who) }
    return principal
  }

  static func notLetIn(_ who: String) -> Problem {
    Problem(
      .notPermitted, "not-let-in", "\(who) is known, but has no access to this cloud.",
      remedy: "Ask an administrator for a role or a rule in the access settings.")
  }
}
