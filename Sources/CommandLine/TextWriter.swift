/// Lays out tables and records for a person.
struct TextWriter {
  var style: Style

  /// Columns two spaces apart under headers in capitals; nothing is cut, so that names can be copied.
  func text(_ table: Table) -> String {
    let shown = table.columns.indices.filter { !table.columns[$0].isWide }
    let head = shown.map { table.columns[$0].title.uppercased() }
    let body = table.rows.map { row in shown.map { Self.word(row[$0]) } }
    let widths = head.indices.map { column in
      ([head] + body).map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    let isNumeric = shown.map { column in Self.isNumeric(table.rows.map { $0[column] }) }
    let lines = [style.bold(line(head, widths, isNumeric))] + body.map { line($0, widths, isNumeric) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `Title: value` lines, then each list of records as a table under its title.
  func text(_ record: Record) -> String {
    let plain = record.fields.filter { Self.records($0.value) == nil }
    let width = plain.map { DisplayWidth.of($0.title) + 2 }.max() ?? 0
    var blocks: [String] = []
    if !plain.isEmpty {
      blocks.append(
        plain.map { DisplayWidth.pad(Self.capitalised($0.title) + ":", to: width) + Self.word($0.value) + "\n" }
          .joined())
    }
    for field in record.fields {
      guard let records = Self.records(field.value) else { continue }
      blocks.append(style.bold(Self.capitalised(field.title)) + "\n" + text(Table(records: records)))
    }
    return blocks.joined(separator: "\n")
  }

  private func line(_ words: [String], _ widths: [Int], _ isNumeric: [Bool]) -> String {
    var text = ""
    for column in words.indices {
      let gap = String(repeating: " ", count: widths[column] - DisplayWidth.of(words[column]))
      let isLast = column == words.count - 1
      text += isNumeric[column] ? gap + words[column] : words[column] + (isLast ? "" : gap)
      if !isLast { text += "  " }
    }
    return text
  }

  private static func isNumeric(_ cells: [Cell]) -> Bool {
    let known = cells.filter { $0 != .null }
    return !known.isEmpty
      && known.allSatisfy { cell in
        switch cell {
        case .int, .double: true
        default: false
        }
      }
  }

  /// A non-empty list of records, or nil.
  private static func records(_ cell: Cell) -> [Record]? {
    guard case .list(let cells) = cell, !cells.isEmpty else { return nil }
    let records = cells.compactMap { if case .record(let record) = $0 { record } else { nil } }
    return records.count == cells.count ? records : nil
  }

  private static func capitalised(_ title: String) -> String {
    title.prefix(1).uppercased() + title.dropFirst()
  }

  /// One cell on one line. Control characters are shown, not sent, so that no name can command the terminal.
  static func word(_ cell: Cell) -> String {
    switch cell {
    case .null: "-"
    case .bool(let value): value ? "yes" : "no"
    case .int(let value): String(value)
    case .double(let value): String(value)
    case .string(let value): visible(value)
    case .list(let cells): cells.isEmpty ? "-" : cells.map(word).joined(separator: ", ")
    case .record(let record): record.fields.map { "\($0.key)=\(word($0.value))" }.joined(separator: " ")
    }
  }

  static func visible(_ text: String) -> String {
    if !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { return text }
    return text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control
        ? "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : String(Character(scalar))
    }.joined()
  }
}
