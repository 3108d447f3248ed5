/// A typed value that every output format can write.
public indirect enum Cell: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([Cell])
  case record(Record)

  /// Nil becomes `null`.
  public init(_ text: String?) { self = text.map(Cell.string) ?? .null }
  /// Nil becomes `null`.
  public init(_ number: Int?) { self = number.map(Cell.int) ?? .null }
  /// A list of words.
  public init(_ words: [String]) { self = .list(words.map(Cell.string)) }
}

extension Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(nilLiteral: ()) { self = .null }
  public init(arrayLiteral elements: Cell...) { self = .list(elements) }
}

/// Named values in a fixed order: an object in JSON, `Title: value` lines for a person.
public struct Record: Hashable, Sendable {
  /// One named value.
  public struct Field: Hashable, Sendable {
    /// Key in JSON and YAML.
    public var key: String
    /// What a person reads.
    public var title: String
    public var value: Cell

    public init(_ key: String, _ title: String? = nil, _ value: Cell) {
      self.key = key
      self.title = title ?? Column.title(from: key)
      self.value = value
    }
  }

  /// In the order in which they are written; keys are unique.
  public var fields: [Field]

  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The value of that key, or nil.
  public subscript(key: String) -> Cell? {
    fields.first { $0.key == key }?.value
  }
}

/// Rows of typed cells under named columns: an array of objects in JSON, aligned columns for a person.
public struct Table: Hashable, Sendable {
  public var columns: [Column]
  /// Each row has a cell for each column, in their order.
  public private(set) var rows: [[Cell]] = []

  /// A table without rows.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row; it must have as many cells as there are columns.
  public mutating func append(_ row: [Cell]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells under \(columns.count) columns")
    rows.append(row)
  }
}

/// What stands in one column.
public struct Column: Hashable, Sendable {
  /// Key in JSON and YAML, header in CSV; snake case.
  public var key: String
  /// Header for a person; shown in capitals.
  public var title: String
  /// Whether the table for a person leaves it out; the other formats always have it.
  public var isWide: Bool

  public init(_ key: String, _ title: String? = nil, isWide: Bool = false) {
    self.key = key
    self.title = title ?? Column.title(from: key)
    self.isWide = isWide
  }

  static func title(from key: String) -> String {
    key.replacing("_", with: " ")
  }
}
