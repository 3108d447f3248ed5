import Quantities

/// Who somebody is, under whatever road they came: 1 to 64 ASCII letters, digits, `.`, `_`, `@` and `-`, beginning
/// with a letter, a digit or `_`. Compared octet by octet: `Anna` and `anna` are two users.
///
/// An agent's name is its host's after `@`, so that no person can have it.
public struct UserName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name itself, as rules and records have it.
  public let description: String

  /// Nil where `text` is no such name.
  public init?(_ text: String) {
    let body = text.hasPrefix("@") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = body.first, text.utf8.count <= 64, first == 0x5f || Self.isAlphanumeric(first),
      body.allSatisfy(Self.isAllowed)
    else { return nil }
    description = text
  }

  /// Throws `bad-user-name`.
  public init(parsing text: String) throws(Problem) {
    guard let name = UserName(text) else {
      throw Problem(
        .invalid, "bad-user-name", "'\(text.excerpt)' cannot be the name of a user.",
        remedy: "Use 1 to 64 letters, digits, '.', '_', '@' and '-', beginning with a letter, a digit or '_'.")
    }
    self = name
  }

  /// The name under which a host's agent acts.
  public init(agentOf host: Name) { description = "@\(host)" }

  /// For a local account whose own name cannot be a user's.
  init(uid: UInt32) { description = "uid-\(uid)" }

  /// True for the name of an agent.
  public var isAgent: Bool { description.hasPrefix("@") }

  public static func < (a: UserName, b: UserName) -> Bool { a.description < b.description }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    // Point, hyphen, underscore, at sign.
    isAlphanumeric(byte) || [0x2e, 0x2d, 0x5f, 0x40].contains(byte)
  }
}

extension UserName: Codable {
  public init(from decoder: any Decoder) throws { self = try decoder.parse(UserName.init(parsing:)) }
  public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension UserName: CodingKeyRepresentable {
  /// The name itself, so that a dictionary by user is encoded as an object.
  public var codingKey: any CodingKey { TextKey(description) }
  /// Nil where the key is no user's name.
  public init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}
