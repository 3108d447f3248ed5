import Cryptography
import Quantities

/// Reads the text form of RFC 4514, and patterns in it, where `*` not escaped stands for any run of characters.
///
/// One pass, no recursion; a text may have 4096 octets at most.
struct DistinguishedNameReader {
  /// A scalar of a value, or a star.
  enum Piece: Hashable, Sendable {
    case scalar(Unicode.Scalar)
    case star
  }

  /// `TYPE=value`; without a type where the whole part is `*` or `**`.
  struct Element: Hashable, Sendable {
    var type: String
    var value: [Piece]
    var isEncoded = false
  }

  private let text: String
  private let octets: [UInt8]
  private var index = 0

  private init(_ text: String) {
    self.text = text
    octets = Array(text.utf8)
  }

  /// Throws `bad-distinguished-name`. A star that is not escaped is `.star`.
  static func read(_ text: String) throws(Problem) -> [[Element]] {
    var reader = DistinguishedNameReader(text)
    guard reader.octets.count <= 4096 else { throw reader.problem("it has more than 4096 octets") }
    var parts: [[Element]] = []
    guard !reader.octets.isEmpty else { return parts }
    repeat {
      var part = [try reader.element()]
      while reader.take(UInt8(ascii: "+")) { part.append(try reader.element()) }
      parts.append(part)
    } while reader.take(UInt8(ascii: ","))
    guard reader.index == reader.octets.count else { throw reader.problem("it goes on after its end") }
    return parts
  }

  private mutating func element() throws(Problem) -> Element {
    skipSpaces()
    for stars in ["**", "*"] where octets[index...].starts(with: stars.utf8) {
      let rest = octets[(index + stars.utf8.count)...].first { $0 != 0x20 }
      guard rest == nil || rest == UInt8(ascii: ",") else { continue }
      index += stars.utf8.count
      skipSpaces()
      return Element(type: "", value: Array(repeating: .star, count: stars.utf8.count))
    }
    let start = index
    while index < octets.count, Self.isOfType(octets[index]) { index += 1 }
    let type = String(decoding: octets[start..<index], as: UTF8.self)
    skipSpaces()
    guard !type.isEmpty, take(UInt8(ascii: "=")) else { throw problem("a part of it is not TYPE=value") }
    skipSpaces()
    if take(UInt8(ascii: "#")) { return try encoded(AttributeTypes.canonical(type)) }
    return Element(type: AttributeTypes.canonical(type), value: try value())
  }

  /// `#04024869`: the value's BER form.
  private mutating func encoded(_ type: String) throws(Problem) -> Element {
    let start = index
    while index < octets.count, Hex.value(octets[index]) != nil { index += 1 }
    let digits = String(decoding: octets[start..<index], as: UTF8.self).lowercased()
    skipSpaces()
    guard !digits.isEmpty, digits.utf8.count % 2 == 0 else { throw problem("'#' has no pairs of digits after it") }
    return Element(type: type, value: digits.unicodeScalars.map(Piece.scalar), isEncoded: true)
  }

  private mutating func value() throws(Problem) -> [Piece] {
    // Octets, for an escaped pair of digits is an octet of UTF-8; a star is told apart by its place.
    var (bytes, stars): ([UInt8], Set<Int>) = ([], [])
    var end = 0
    scan: while index < octets.count {
      let octet = octets[index]
      switch octet {
      case UInt8(ascii: ","), UInt8(ascii: "+"): break scan
      case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), 0:
        throw problem("'\(String(Unicode.Scalar(octet)).excerpt)' must be escaped by '\\'")
      case UInt8(ascii: "\\"):
        bytes.append(try escape())
        end = bytes.count
      default:
        if octet == UInt8(ascii: "*") { stars.insert(bytes.count) }
        bytes.append(octet)
        index += 1
        if octet != 0x20 { end = bytes.count }
      }
    }
    return try pieces(bytes.prefix(end), stars)
  }

  private mutating func escape() throws(Problem) -> UInt8 {
    guard index + 1 < octets.count else { throw problem("it ends in '\\'") }
    let first = octets[index + 1]
    if let high = Hex.value(first) {
      guard index + 2 < octets.count, let low = Hex.value(octets[index + 2]) else {
        throw problem("'\\' has one digit after it, not two")
      }
      index += 3
      guard high | low != 0 else { throw problem("it has a NUL in it") }
      return high << 4 | low
    }
    guard " ,#+;<=>*\"\\".utf8.contains(first) else {
      throw problem("'\\' stands before what needs no escape")
    }
    index += 2
    return first
  }

  private func pieces(_ bytes: ArraySlice<UInt8>, _ stars: Set<Int>) throws(Problem) -> [Piece] {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw problem("it is not UTF-8") }
    var offset = 0
    return text.unicodeScalars.map { scalar in
      defer { offset += UTF8.width(scalar) }
      return stars.contains(offset) ? .star : .scalar(scalar)
    }
  }

  private mutating func skipSpaces() {
    while index < octets.count, octets[index] == 0x20 { index += 1 }
  }

  private mutating func take(_ octet: UInt8) -> Bool {
    guard index < octets.count, octets[index] == octet else { return false }
    index += 1
    return true
  }

  private static func isOfType(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x41...0x5a).contains(octet) || (0x61...0x7a).contains(octet)
      || octet == 0x2d || octet == 0x2e
  }

  private func problem(_ fault: String) -> Problem {
    Problem(
      .invalid, "bad-distinguished-name", "'\(text.excerpt)' is not a distinguished name: \(fault).",
      remedy: "Write one as CN=Anna Meyer,OU=Physics,O=Lab\\, Grenoble,C=FR.")
  }
}

extension DistinguishedName {
  /// Reads the text form of RFC 4514; also spaces around `,`, `+` and `=`. Throws `bad-distinguished-name`.
  public init(parsing text: String) throws(Problem) {
    let parts = try DistinguishedNameReader.read(text)
    self.init(
      parts: try parts.map { part throws(Problem) in
        try part.map { element throws(Problem) in
          guard !element.type.isEmpty, !element.value.contains(.star) else {
            throw Problem(
              .invalid, "bad-distinguished-name", "'\(text.excerpt)' is a pattern, not a distinguished name.",
              remedy: "Write '\\*' for a star that is part of the name.")
          }
          return Attribute(type: element.type, value: element.plainText, isEncoded: element.isEncoded)
        }
      })
  }
}

extension DistinguishedNameReader.Element {
  /// The value's scalars; stars are left out.
  var plainText: String {
    var text = String.UnicodeScalarView()
    for case .scalar(let scalar) in value { text.append(scalar) }
    return String(text)
  }
}
