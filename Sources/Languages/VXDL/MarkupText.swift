/// Writes elements as XML 1.0 text.
enum MarkupText {
  /// Indented by two spaces a level, without an XML declaration.
  static func lines(_ element: MarkupElement) -> String {
    var text = ""
    write(element, level: 0, into: &text)
    return text
  }

  /// On one line.
  static func line(_ element: MarkupElement) -> String {
    var text = ""
    write(element, level: nil, into: &text)
    return text
  }

  /// The recursion is as deep as VXDL is: no element here comes from a file.
  private static func write(_ element: MarkupElement, level: Int?, into text: inout String) {
    text += level.map { String(repeating: "  ", count: $0) } ?? ""
    text += "<\(element.name)"
    for (name, value) in element.attributes.sorted(by: { $0.key < $1.key }) {
      text += " \(name)=\"\(escaped(value, isAttribute: true))\""
    }
    text += ">\(escaped(element.text, isAttribute: false))"
    if !element.children.isEmpty {
      text += level == nil ? "" : "\n"
      for child in element.children { write(child, level: level.map { $0 + 1 }, into: &text) }
      text += level.map { String(repeating: "  ", count: $0) } ?? ""
    }
    text += "</\(element.name)>" + (level == nil ? "" : "\n")
  }

  /// Characters that XML 1.0 has no way to write (section 2.2) become U+FFFD.
  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"" where isAttribute: result.append(contentsOf: "&quot;".unicodeScalars)
      // Parsers turn these into spaces or line feeds where they stand as they are (sections 2.11 and 3.3.3).
      case "\t" where isAttribute, "\n" where isAttribute: result.append(contentsOf: reference(scalar))
      case "\r": result.append(contentsOf: reference(scalar))
      case "\t", "\n": result.append(scalar)
      case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func reference(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    "&#\(scalar.value);".unicodeScalars
  }
}
