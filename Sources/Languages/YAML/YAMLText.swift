/// A YAML document while it is written: mappings and lists stand on one line where they fit, else in block style.
enum YAMLText {
  typealias Entry = (key: String, value: YAMLText)

  /// Quoted where it must be.
  case text(String)
  /// Lines as they are, below their key; made by `lines(of:)`, for values of mappings only.
  case literal(String)
  /// A word or a moment that is no text to YAML and is never quoted.
  case plain(String)
  /// `isBlock` where each element begins a line of its own in any case.
  case list([YAMLText], isBlock: Bool = false)
  /// Keys in this order; `isBlock` as in lists.
  case mapping([Entry], isBlock: Bool = false)

  /// Longest line that is made where a break is possible.
  private static let width = 110

  /// The document, with an end of line at its end. Trees are as deep as the writers build them, a few levels.
  var document: String { lines(indent: 0).joined(separator: "\n") + "\n" }

  /// A mapping with the text of each value.
  static func labels(_ labels: [String: String]) -> YAMLText {
    .mapping(labels.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
  }

  /// Block style; a text, or what is empty, is one line.
  private func lines(indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    switch self {
    case .list(let elements, _) where !elements.isEmpty:
      return elements.flatMap { element in
        if let line = element.line(room: Self.width - indent - 2) { return [space + "- " + line] }
        var lines = element.lines(indent: indent + 2)
        lines[0] = space + "- " + lines[0].dropFirst(indent + 2)
        return lines
      }
    case .mapping(let entries, _) where !entries.isEmpty:
      return entries.flatMap { entry in
        let start = space + YAMLQuoting.quoted(entry.key, inFlow: false) + ":"
        if case .literal(let text) = entry.value { return literalLines(text, start, indent + 2) }
        if let line = entry.value.line(room: Self.width - start.count - 1) { return [start + " " + line] }
        return [start] + entry.value.lines(indent: indent + 2)
      }
    default: return [space + flow]
    }
  }

  /// The whole value on one line; nil where it does not fit into that many characters or is not to be so.
  private func line(room: Int) -> String? {
    switch self {
    case .text(let text): return YAMLQuoting.quoted(text, inFlow: false)
    case .plain(let word): return word
    case .literal: return nil
    case .list(let elements, let isBlock):
      if isBlock, !elements.isEmpty { return nil }
    case .mapping(let entries, let isBlock):
      if isBlock, !entries.isEmpty { return nil }
    }
    let flow = flow
    return flow.count <= room || isEmpty ? flow : nil
  }

  private var isEmpty: Bool {
    switch self {
    case .text, .plain, .literal: false
    case .list(let elements, _): elements.isEmpty
    case .mapping(let entries, _): entries.isEmpty
    }
  }

  /// Flow style.
  private var flow: String {
    switch self {
    case .text(let text), .literal(let text): YAMLQuoting.quoted(text, inFlow: true)
    case .plain(let word): word
    case .list(let elements, _): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
    case .mapping(let entries, _):
      "{" + entries.map { YAMLQuoting.quoted($0.key, inFlow: true) + ": " + $0.value.flow }.joined(separator: ", ")
        + "}"
    }
  }
}
