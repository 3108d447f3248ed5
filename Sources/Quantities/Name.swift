/// The name of a thing that a person names: an RFC 1123 host name label of 1 to 63 characters,
/// lower-case letters, digits and inner hyphens.
public struct Name: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  public let description: String
  /// Nil where `text` is no such label.
  public init?(_ text: String) {
    // completed by its owner
    guard !text.isEmpty else { return nil }
    description = text
  }
  public static func < (a: Name, b: Name) -> Bool { a.description < b.description }
}
