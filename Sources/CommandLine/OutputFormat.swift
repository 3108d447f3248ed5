/// How data is written to standard output.
public enum OutputFormat: String, ArgumentValue, CaseIterable, Hashable {
  /// Aligned columns for a person.
  case table
  /// RFC 8259, indented, keys in the order of the columns.
  case json
  /// YAML 1.2, block style.
  case yaml
  /// RFC 4180, with a header line.
  case csv
}

/// Whether text may carry ANSI attributes, and how wide the terminal is.
public struct Style: Hashable, Sendable {
  /// Whether ANSI attributes may be written.
  public var isColoured: Bool
  /// Columns; nil if the output is not a terminal.
  public var width: Int?

  public init(isColoured: Bool = false, width: Int? = nil) {
    self.isColoured = isColoured
    self.width = width
  }

  /// No attributes, no width.
  public static let plain = Style()

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "1;31") }
  func green(_ text: String) -> String { wrap(text, "32") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
