/// Writes texts so that the loader reads them back as they are.
enum YAMLQuoting {
  /// What YAML of some version takes for something else than text, in small letters.
  private static let words: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  /// `text` plain where that is safe, else between double quotes; `inFlow` inside brackets or braces.
  static func quoted(_ text: String, inFlow: Bool) -> String {
    isPlain(text, inFlow: inFlow) ? text : "\"" + escaped(text) + "\""
  }

  private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, isLetterOrDigit(first) || first == UInt8(ascii: "/"), bytes.last != 0x20 else {
      return false
    }
    let marks = Array((inFlow ? "-_./%+ " : "-_./%+ []").utf8)
    return bytes.allSatisfy { isLetterOrDigit($0) || marks.contains($0) } && !words.contains(text.lowercased())
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// The inside of a double-quoted scalar (YAML 1.1, section 5.7), which begins no variable.
  private static func escaped(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    // By characters, as the loader looks for variables: a brace with a combining mark is none.
    while let character = rest.popFirst() {
      let isVariable = character == "$" && rest.first == "{"
      for scalar in character.unicodeScalars { result += escaped(scalar) }
      if isVariable { result += "$" }
    }
    return result
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{a0}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}":
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return String(scalar)
    }
  }
}
