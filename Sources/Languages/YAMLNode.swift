import Quantities

/// A YAML document as a tree in which every node knows where it stands.
struct YAMLNode {
  indirect enum Content {
    /// A scalar; `isPlain` where it was written without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In the order of the file; keys are unique.
    case mapping([(key: YAMLNode, value: YAMLNode)])
  }

  var content: Content
  var place: Place

  /// Line and column, counted from 1.
  struct Place: Hashable {
    var file: String
    var line: Int
    var column: Int

    var text: String { "\(file):\(line):\(column)" }
  }

  /// What it is, for messages.
  var kindName: String {
    switch content {
    case .scalar(let text, _): text.isEmpty ? "nothing" : "'\(text.excerpt)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// True for `key:` without a value, and for `null` and `~`.
  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content { return ["", "~", "null"].contains(text) }
    return false
  }

  /// A problem that stands here.
  func problem(_ code: String, _ message: String, remedy: String, _ kind: Problem.Kind = .invalid) -> Problem {
    Problem(kind, code, message, remedy: remedy, location: place.text)
  }
}
