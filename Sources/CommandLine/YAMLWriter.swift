/// Writes cells as YAML 1.2 in block style; strings that could be read as something else are quoted.
enum YAMLWriter {
  static func text(_ cell: Cell) -> String {
    lines(cell).map { $0 + "\n" }.joined()
  }

  private static func lines(_ cell: Cell) -> [String] {
    switch cell {
    case .list(let cells) where !cells.isEmpty: cells.flatMap { item($0) }
    case .record(let record) where !record.fields.isEmpty: record.fields.flatMap { pair($0) }
    default: [scalar(cell)]
    }
  }

  private static func item(_ cell: Cell) -> [String] {
    lines(cell).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
  }

  private static func pair(_ field: Record.Field) -> [String] {
    let inner = lines(field.value)
    let key = string(field.key)
    if field.value.isScalar || field.value.isEmpty { return ["\(key): \(inner[0])"] }
    return ["\(key):"] + inner.map { "  " + $0 }
  }

  private static func scalar(_ cell: Cell) -> String {
    switch cell {
    case .string(let text): string(text)
    default: JSONWriter.text(cell)
    }
  }

  /// JSON's quoted strings are YAML's double-quoted ones.
  private static func string(_ text: String) -> String {
    isPlain(text) ? text : JSONWriter.quoted(text)
  }

  /// Letters first, then only what no YAML rule (1.1 or 1.2) gives a meaning; words such as `no` are not plain.
  private static func isPlain(_ text: String) -> Bool {
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    guard let first = text.unicodeScalars.first, !reserved.contains(text.lowercased()) else { return false }
    let isLetter = { (scalar: Unicode.Scalar) in scalar.isASCII && scalar.properties.isAlphabetic }
    return isLetter(first)
      && text.unicodeScalars.allSatisfy { isLetter($0) || "0123456789-_./".unicodeScalars.contains($0) }
  }
}

extension Cell {
  var isEmpty: Bool {
    switch self {
    case .list(let cells): cells.isEmpty
    case .record(let record): record.fields.isEmpty
    default: false
    }
  }
}
