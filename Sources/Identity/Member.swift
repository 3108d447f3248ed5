import Quantities

/// Whom an assignment is for: a user, written `anna`, or everybody of a group, written `group:physics`.
public enum Member: Hashable, Sendable {
  case user(UserName)
  case group(Name)

  /// True where `principal` is that user or of that group.
  public func includes(_ principal: Principal) -> Bool {
    switch self {
    case .user(let name): principal.user == name
    case .group(let name): principal.groups.contains(name)
    }
  }
}

extension Member: CustomStringConvertible {
  public var description: String {
    switch self {
    case .user(let name): name.description
    case .group(let name): "group:\(name)"
    }
  }

  /// Reads `anna` or `group:physics`. Throws `bad-user-name` or `bad-name`.
  public init(parsing text: String) throws(Problem) {
    let prefix = "group:"
    self =
      text.hasPrefix(prefix)
      ? .group(try Name(parsing: String(text.dropFirst(prefix.count)))) : .user(try UserName(parsing: text))
  }
}

extension Member: Codable, CodingKeyRepresentable {
  public init(from decoder: any Decoder) throws { self = try decoder.parse(Member.init(parsing:)) }
  public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }

  public var codingKey: any CodingKey { TextKey(description) }
  /// Nil where the key is neither a user nor `group:` and a group.
  public init?(codingKey: some CodingKey) {
    guard let member = try? Member(parsing: codingKey.stringValue) else { return nil }
    self = member
  }
}
