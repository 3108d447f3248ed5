import Quantities

/// Which user the holder of a certificate is.
public struct GridRule: Hashable, Sendable {
  /// Which certificates' subjects it is for.
  public var subject: NamePattern
  /// And which issuers'.
  public var issuer: NamePattern
  /// A user's name in which `{CN}`, `{UID}`, `{emailAddress}` or another attribute type stands for the subject's
  /// value of it: a pattern that fits many people must not make them one user. Two subjects with the same value are
  /// the same user, so such a rule is for authorities that give each value once.
  public var user: String
  /// Groups that such a user is in, too.
  public var groups: Set<Name>

  /// Any issuer that the verifier trusts, unless one is given.
  public init(subject: NamePattern, issuer: NamePattern = .any, user: String, groups: Set<Name> = []) {
    self.subject = subject
    self.issuer = issuer
    self.user = user
    self.groups = groups
  }

  /// True where subject and issuer both fit.
  public func matches(subject name: DistinguishedName, issuer authority: DistinguishedName) -> Bool {
    subject.matches(name) && issuer.matches(authority)
  }

  /// The user's name for a subject that fits.
  ///
  /// White space in a value becomes `.`. Throws `certificate-name-unusable` where what comes out is no user's name,
  /// or is `root`, `uid-…` or an agent's without the rule's saying so: a subject must not choose to be those.
  public func user(for name: DistinguishedName) throws(Problem) -> UserName {
    guard let text = filled(name.value(of:)), let user = UserName(text), !user.isAgent,
      text == self.user || (text != "root" && !text.hasPrefix("uid-"))
    else {
      throw Problem(
        .notPermitted, "certificate-name-unusable",
        "The certificate of '\(name.description.excerpt)' makes no name of a user by the rule '\(user.excerpt)'.",
        remedy: "Ask an administrator for a rule of your own in the access settings.")
    }
    return user
  }

  /// Nil where an attribute is missing or a brace is not closed.
  private func filled(_ value: (String) -> String?) -> String? {
    var (text, rest) = ("", user[...])
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}"),
        let value = value(String(rest[rest.index(after: open)..<close]))
      else { return nil }
      text += rest[..<open]
      text += String(value.map { $0 == " " ? "." : $0 })
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }
}

extension GridRule: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case subject, issuer, user, groups
  }

  /// `issuer` may be left out (any) and `groups` too (none). Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(beyond: CodingKeys.self)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      subject: try fields.decode(NamePattern.self, forKey: .subject),
      issuer: try fields.decodeIfPresent(NamePattern.self, forKey: .issuer) ?? .any,
      user: try fields.decode(String.self, forKey: .user),
      groups: try fields.decodeIfPresent(Set<Name>.self, forKey: .groups) ?? [])
    guard let example = filled({ _ in "x" }).flatMap({ UserName($0) }), !example.isAgent else {
      throw DecodingError.dataCorruptedError(
        forKey: .user, in: fields, debugDescription: "'\(user.excerpt)' cannot become the name of a user.")
    }
  }
}
