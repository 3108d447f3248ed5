/// Writes tables as CSV (RFC 4180): a header line, CRLF, quotes where needed.
enum CSVWriter {
  static func text(_ table: Table) -> String {
    let lines = [table.columns.map(\.key)] + table.rows.map { $0.map(field) }
    return lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// One line under the record's keys.
  static func text(_ record: Record) -> String {
    text(Table(records: [record]))
  }

  /// Lists of plain values are joined by spaces; what is nested deeper is JSON.
  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .null: ""
    case .string(let text): text
    case .list(let cells) where cells.allSatisfy(\.isScalar): cells.map(field).joined(separator: " ")
    default: JSONWriter.text(cell)
    }
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension Cell {
  var isScalar: Bool {
    switch self {
    case .list, .record: false
    default: true
    }
  }
}
