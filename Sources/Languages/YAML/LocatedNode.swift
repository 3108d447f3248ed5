/// A node of a YAML document and where it begins.
struct LocatedNode: Sendable {
  enum Content: Sendable {
    /// Variables are already substituted; `isPlain` where it has no quotes.
    case scalar(String, isPlain: Bool)
    case sequence([LocatedNode])
    /// In the order of the file; keys are unique.
    case mapping([Entry])
  }

  struct Entry: Sendable {
    var key: String
    var mark: Mark
    var value: LocatedNode
  }

  var content: Content
  var mark: Mark
  /// How many nodes it has, itself counted, aliases expanded.
  var size: Int

  /// Nothing was written: an empty plain scalar, `~` or `null` (YAML 1.2 core schema).
  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
    return false
  }

  /// What it is, as the object of a sentence.
  var found: String {
    switch content {
    case .scalar(let text, _): isNull ? "nothing" : "'\(text.excerpt)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
