/// Writes tables and records in any of the formats; the only place where output is laid out.
public struct Renderer: Sendable {
  public var format: OutputFormat
  public var style: Style

  public init(format: OutputFormat, style: Style = .plain) {
    self.format = format
    self.style = style
  }

  /// The whole text, with its last newline.
  public func text(_ table: Table) -> String {
    switch format {
    case .table: TextWriter(style: style).text(table)
    case .json: JSONWriter.text(table.list) + "\n"
    case .yaml: YAMLWriter.text(table.list)
    case .csv: CSVWriter.text(table)
    }
  }

  /// The whole text, with its last newline.
  public func text(_ record: Record) -> String {
    switch format {
    case .table: TextWriter(style: style).text(record)
    case .json: JSONWriter.text(.record(record)) + "\n"
    case .yaml: YAMLWriter.text(.record(record))
    case .csv: CSVWriter.text(record)
    }
  }
}

extension Table {
  /// A list of records, one a row.
  public var list: Cell {
    .list(rows.map { row in .record(Record(zip(columns, row).map { .init($0.key, $0.title, $1) })) })
  }

  /// A table of records that need not have the same fields; columns in the order of first appearance.
  init(records: [Record]) {
    var columns: [Column] = []
    for field in records.flatMap(\.fields) where !columns.contains(where: { $0.key == field.key }) {
      columns.append(Column(field.key, field.title))
    }
    self.init(columns)
    for record in records { append(columns.map { record[$0.key] ?? .null }) }
  }
}
