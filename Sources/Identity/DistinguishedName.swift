import Cryptography
import Quantities

/// A distinguished name (X.501), in the order of its text form: the most specific part first.
///
/// Compared exactly, scalar by scalar, except for the case of attribute types: two names that differ only in case
/// may be two people, and letting one in for the other is worse than a rule that does not fit.
public struct DistinguishedName: Hashable, Sendable {
  /// One attribute of one part.
  public struct Attribute: Hashable, Comparable, Sendable {
    /// `CN`, `OU`, … in the spelling of ``AttributeTypes``, or an object identifier.
    public let type: String
    /// Text; where `isEncoded`, the hexadecimal digits of a value that is none (RFC 4514 section 2.4).
    public let value: String
    /// `value` is hexadecimal digits of DER.
    public let isEncoded: Bool

    /// `type` in the spelling of ``AttributeTypes``.
    public init(type: String, value: String, isEncoded: Bool = false) {
      self.type = type
      self.value = value
      self.isEncoded = isEncoded
    }

    public static func == (a: Attribute, b: Attribute) -> Bool {
      a.type == b.type && a.isEncoded == b.isEncoded && a.value.unicodeScalars.elementsEqual(b.value.unicodeScalars)
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(type)
      for scalar in value.unicodeScalars { hasher.combine(scalar) }
    }

    public static func < (a: Attribute, b: Attribute) -> Bool {
      (a.type + "=" + a.value).utf8.lexicographicallyPrecedes((b.type + "=" + b.value).utf8)
    }
  }

  /// Parts, each of one attribute or more, which are sorted.
  public let parts: [[Attribute]]

  /// The most specific part first; attributes of a part in any order.
  public init(parts: [[Attribute]]) { self.parts = parts.map { $0.sorted() } }

  /// The first value of an attribute type, from the most specific part on; nil where there is none.
  public func value(of type: String) -> String? {
    let type = AttributeTypes.canonical(type)
    return parts.joined().first { $0.type == type && !$0.isEncoded }?.value
  }
}

extension DistinguishedName: CustomStringConvertible, Codable {
  /// The text form of RFC 4514: `CN=Anna Meyer,OU=Physics,O=Lab\, Grenoble,C=FR`.
  public var description: String {
    parts.map { $0.map(\.text).joined(separator: "+") }.joined(separator: ",")
  }

  public init(from decoder: any Decoder) throws { self = try decoder.parse(DistinguishedName.init(parsing:)) }
  public func encode(to encoder: any Encoder) throws { try encoder.write(text: description) }
}

extension DistinguishedName.Attribute {
  /// `CN=Meyer\, Anna` (RFC 4514 sections 2.3 and 2.4).
  var text: String { "\(type)=" + (isEncoded ? "#\(value)" : escaped) }

  private var escaped: String {
    let scalars = Array(value.unicodeScalars)
    var text = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case ",", "+", "\"", "\\", "<", ">", ";", "=", "*": text += "\\\(scalar)"
      case "#" where index == 0: text += "\\#"
      case " " where index == 0 || index == scalars.count - 1: text += "\\ "
      case _ where scalar.properties.generalCategory == .control:
        // In UTF-8, so that no control character stands in a log.
        for byte in String(scalar).utf8 { text += "\\" + Hex.text([byte]) }
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
