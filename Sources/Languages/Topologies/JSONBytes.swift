import Quantities

/// The tokens of a JSON text, and the place that is reached.
struct JSONBytes {
  private let text: [UInt8]
  private var position = 0
  private(set) var mark: Mark

  init(_ text: [UInt8], _ file: String) {
    self.text = text
    mark = Mark(file: file, line: 1, column: 1)
  }

  /// The byte at this place; nil at the end.
  var current: UInt8? { position < text.count ? text[position] : nil }

  mutating func advance() {
    guard let byte = current else { return }
    position += 1
    if byte == 0x0a {
      mark.line += 1
      mark.column = 1
    } else if current.map({ $0 & 0xc0 != 0x80 }) ?? true {
      // A column is a scalar: it ends before a byte that continues none.
      mark.column += 1
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    advance()
    return true
  }

  mutating func skipSpace() {
    while let byte = current, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { advance() }
  }

  func fault(_ why: String) -> Problem {
    mark.problem("not-json", "The file is not JSON: \(why).", remedy: "Write it as a JSON library does (RFC 8259).")
  }

  /// A number or a literal.
  mutating func word() throws(Problem) -> String {
    let begin = self
    let start = position
    while let byte = current, Self.isOfWord(byte) { advance() }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    let literals = ["true", "false", "null", "NaN", "Infinity", "-Infinity"]
    guard literals.contains(word) || JSONNumber.isNumber(text[start..<position]) else {
      throw begin.fault(word.isEmpty ? "it needs a value here" : "'\(word.excerpt)' is no value")
    }
    return word
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  /// A string, whose opening quote is here.
  mutating func string() throws(Problem) -> String {
    advance()
    var result: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        advance()
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        advance()
        result.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20: throw fault("a string has a raw control character")
      default:
        result.append(byte)
        advance()
      }
    }
    throw fault("it ends within a string")
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    guard let byte = current else { throw fault("it ends within a string") }
    advance()
    switch byte {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): return try codePoint()
    default: throw fault("a string has an unknown escape")
    }
  }

  /// After `\u`: one UTF-16 code unit, or two that are a surrogate pair.
  private mutating func codePoint() throws(Problem) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xdc00, take("\\"), take("u") else { throw fault("a string has half a surrogate pair") }
    let low = try codeUnit()
    guard (0xdc00..<0xe000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    else { throw fault("a string has half a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(Problem) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("a string has \\u without four hexadecimal digits")
      }
      unit = unit << 4 + UInt32(digit)
      advance()
    }
    return unit
  }
}

/// The grammar of numbers (RFC 8259, section 6).
enum JSONNumber {
  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    func take(_ bytes: String) -> Bool {
      guard let first = rest.first, bytes.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = take("-")
    let beginsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, whole == 1 || !beginsWithZero else { return false }
    if take("."), digits() == 0 { return false }
    if take("eE") {
      _ = take("+-")
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }
}
