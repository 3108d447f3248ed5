import Quantities

/// Refuses, before a parser sees them, the parts of XML that can be turned against its reader.
enum GraphMLGuard {
  /// Throws `xml-doctype` where the text declares a document type or entities (external entities and the billion
  /// laughs need one), and `xml-encoding` where it claims another encoding, in which such a declaration could hide.
  static func check(_ text: [UInt8], _ file: String) throws(Problem) {
    for word in ["<!DOCTYPE", "<!ENTITY"] {
      guard let place = text.firstRange(of: Array(word.utf8))?.lowerBound else { continue }
      throw mark(of: place, text, file).problem(
        "xml-doctype", "The file has a document type declaration or an entity ('\(word)'), which is not read.",
        remedy: "Remove it; GraphML needs none.")
    }
    guard text.starts(with: Array("<?xml".utf8)), let end = text.firstRange(of: Array("?>".utf8))?.lowerBound
    else { return }
    let declaration = String(decoding: text[..<end], as: UTF8.self).lowercased()
    guard let key = declaration.firstRange(of: "encoding") else { return }
    let value = declaration[key.upperBound...].drop { " \t\r\n=\"'".contains($0) }.prefix { !"\"' \t\r\n".contains($0) }
    guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(value) else {
      throw Mark(file: file, line: 1, column: 1).problem(
        "xml-encoding", "The file claims the encoding '\(String(value).excerpt)'.",
        remedy: "Save it as UTF-8 and say encoding=\"utf-8\".")
    }
  }

  private static func mark(of place: Int, _ text: [UInt8], _ file: String) -> Mark {
    let before = text[..<place]
    let line = before.count { $0 == 0x0a } + 1
    let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return Mark(file: file, line: line, column: before[start...].count { $0 & 0xc0 != 0x80 } + 1)
  }
}
