/// The name of a thing that a person names: an RFC 1123 host name label of 1 to 63 characters,
/// lower-case letters, digits and inner hyphens.
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let description: String

  /// Nil where `text` is no such label; `fault(in:)` says why.
  public init?(_ text: String) {
    guard Self.isName(text.utf8) else { return nil }
    description = text
  }

  /// By octets: a store has hundreds of thousands of names.
  private static func isName(_ octets: String.UTF8View) -> Bool {
    (1...63).contains(octets.count) && octets.first != 0x2d && octets.last != 0x2d
      && octets.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
  }

  public static func < (a: Name, b: Name) -> Bool { a.description < b.description }

  /// Why `text` cannot be a name, as the end of a sentence; nil where it can.
  public static func fault(in text: String) -> String? {
    if isName(text.utf8) { return nil }
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > 63 { return "it has more than 63 characters" }
    if text.hasPrefix("-") || text.hasSuffix("-") { return "it begins or ends with a hyphen" }
    for character in text where !character.isOfName {
      if ("A"..."Z").contains(character) { return "it has the upper-case letter '\(character)'" }
      return character.isASCII && !character.isWhitespace
        ? "it has the character '\(character)'"
        : character.isWhitespace ? "it has white space in it" : "it has a character beyond ASCII"
    }
    return nil
  }
}

extension Character {
  /// By its only scalar: to Swift a letter with a combining mark may lie between `a` and `z`.
  fileprivate var isOfName: Bool {
    guard let value = asciiValue, self != "\r\n" else { return false }
    return (0x61...0x7a).contains(value) || asciiDigit != nil || value == 0x2d
  }
}

extension Name: CodingKeyRepresentable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The name itself, so that a dictionary by name is encoded as an object.
  public var codingKey: any CodingKey { Key(stringValue: description) }

  /// Nil where the key is no name.
  public init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

extension Name: TextCodable {
  /// Throws `bad-name`.
  public init(parsing text: String) throws(Problem) {
    guard let name = Name(text) else {
      throw Problem(
        .invalid, "bad-name", "'\(text.excerpt)' cannot be a name: \(Self.fault(in: text) ?? "it is malformed").",
        remedy: "Use 1 to 63 lower-case letters, digits and inner hyphens.")
    }
    self = name
  }
}
