import Quantities

/// A pattern of distinguished names in the text form of RFC 4514: `*` in a value stands for any run of characters,
/// a part `*` for exactly one part, a part `**` for any number of parts, none too; `\*` is a star.
///
/// `CN=*,OU=Physics,**` fits everybody of that unit, whatever stands above it. Anything else must be the same,
/// scalar by scalar.
public struct NamePattern: Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  public let description: String
  private let parts: [[DistinguishedNameReader.Element]]

  /// Throws `bad-distinguished-name`.
  public init(parsing text: String) throws(Problem) {
    description = text
    parts = try DistinguishedNameReader.read(text).map {
      $0.sorted { ($0.type, $0.plainText) < ($1.type, $1.plainText) }
    }
  }

  /// Fits every name.
  public static let any = NamePattern()

  private init() {
    description = "**"
    parts = [[DistinguishedNameReader.Element(type: "", value: [.star, .star])]]
  }

  /// True where the whole name fits; takes time in proportion to pattern times name at most.
  public func matches(_ name: DistinguishedName) -> Bool {
    Glob.matches(
      parts, name.parts, isStar: { $0.first?.value == [.star, .star] && $0.first?.type == "" }, fits: Self.fits)
  }

  private static func fits(_ part: [DistinguishedNameReader.Element], _ attributes: [DistinguishedName.Attribute])
    -> Bool
  {
    if part.count == 1, part[0].type.isEmpty { return true }
    return part.count == attributes.count
      && zip(part, attributes).allSatisfy { element, attribute in
        element.type == attribute.type && element.isEncoded == attribute.isEncoded
          && Glob.matches(
            element.value, Array(attribute.value.unicodeScalars), isStar: { $0 == .star }, fits: { $0 == .scalar($1) })
      }
  }

  public static func == (a: NamePattern, b: NamePattern) -> Bool { a.parts == b.parts }
  public func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}

extension NamePattern: Codable {
  public init(from decoder: any Decoder) throws { self = try decoder.parse(NamePattern.init(parsing:)) }
  public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}
