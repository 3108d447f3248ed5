/// Writes cells as JSON (RFC 8259): indented by two spaces, keys in the order of the record.
enum JSONWriter {
  static func text(_ cell: Cell, indent: Int = 0) -> String {
    switch cell {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value): value.isFinite ? String(value) : "null"
    case .string(let value): quoted(value)
    case .list(let cells): block("[", cells.map { text($0, indent: indent + 1) }, "]", indent)
    case .record(let record):
      block("{", record.fields.map { "\(quoted($0.key)): \(text($0.value, indent: indent + 1))" }, "}", indent)
    }
  }

  private static func block(_ open: String, _ items: [String], _ close: String, _ indent: Int) -> String {
    if items.isEmpty { return open + close }
    let margin = String(repeating: "  ", count: indent)
    return open + "\n" + items.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n" + margin + close
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += escaped(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
