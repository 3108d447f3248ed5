import Quantities

/// A mapping of the file whose keys are known: typed access, with problems that name the object.
struct Fields {
  /// The object that the mapping describes, as the beginning of a sentence: `Segment 'lan'`.
  let subject: String
  let mark: Mark
  private let vocabulary: Vocabulary
  private var values: [String: LocatedNode] = [:]

  /// Throws `wrong-type`, `unknown-key`, `missing-key` or `not-available`. Nothing counts as an empty mapping.
  init(_ node: LocatedNode, _ vocabulary: Vocabulary, of subject: String, at mark: Mark? = nil) throws(Problem) {
    self.subject = subject
    self.mark = mark ?? node.mark
    self.vocabulary = vocabulary
    for entry in try node.entries(of: subject, example: vocabulary.names.first.map { "{\($0): …}" } ?? "{}") {
      guard vocabulary.names.contains(entry.key) else { throw unknown(entry) }
      values[entry.key] = entry.value
    }
    for key in vocabulary.keys where key.isRequired && values[key.name] == nil {
      throw self.mark.problem(
        "missing-key", "\(subject) has no '\(key.name)'.",
        remedy: "Add '\(key.name):' to it; see \(vocabulary.reference).")
    }
  }

  private func unknown(_ entry: LocatedNode.Entry) -> Problem {
    if let what = vocabulary.later[entry.key] {
      return .notAvailable("\(subject), \(entry.key): \(what)", remedy: "Remove '\(entry.key)'.", at: entry.mark)
    }
    return entry.mark.problem(
      "unknown-key", "\(subject) has the unknown key '\(entry.key.excerpt)'.",
      remedy: vocabulary.names.isEmpty ? "Remove it." : Remedy.nearest(entry.key, among: vocabulary.names))
  }

  /// The value as written, nothing included.
  func node(_ key: String) -> LocatedNode? {
    assert(vocabulary.names.contains(key), "\(key) is not in the table of keys")
    return values[key]
  }

  /// `Segment 'lan', rate`.
  func subject(of key: String) -> String { "\(subject), \(key)" }

  /// The value read by `parse`; nil where the key is absent.
  func value<T>(_ key: String, _ parse: (String) throws(Problem) -> T) throws(Problem) -> T? {
    guard let node = node(key) else { return nil }
    return try node.value(of: subject(of: key), parse)
  }

  /// The value read by `parse`, here or else in `defaults`; nil where the key is in neither.
  func value<T>(
    _ key: String, else defaults: Fields?, _ parse: (String) throws(Problem) -> T
  ) throws(Problem) -> T? {
    if let value = try value(key, parse) { return value }
    return try defaults?.value(key, parse)
  }

  /// The value of a key that must be there; `init` has looked for it.
  func required<T>(_ key: String, _ parse: (String) throws(Problem) -> T) throws(Problem) -> T {
    guard let value = try value(key, parse) else { preconditionFailure("\(key) is not marked as required") }
    return value
  }

  /// One of the cases, by its raw value.
  func choice<T: RawRepresentable & CaseIterable>(_ key: String, _: T.Type) throws(Problem) -> T?
  where T.RawValue == String {
    try value(key) { (text) throws(Problem) -> T in
      guard let choice = T(rawValue: text) else {
        throw Problem(
          .invalid, "unknown-word", "'\(text.excerpt)' is not one of its values.",
          remedy: Remedy.nearest(text, among: T.allCases.map(\.rawValue)))
      }
      return choice
    }
  }

  /// A mapping under this one; nil where the key is absent.
  func fields(_ key: String, _ vocabulary: Vocabulary) throws(Problem) -> Fields? {
    guard let node = node(key) else { return nil }
    return try Fields(node, vocabulary, of: subject(of: key))
  }
}

extension String {
  /// A subject such as `Segment 'lan'` in the middle of a sentence.
  var inSentence: String { prefix(1).lowercased() + dropFirst() }
}

extension Problem {
  /// `what` is something that only a later version does.
  static func notAvailable(_ what: String, remedy: String, at mark: Mark) -> Problem {
    mark.problem("not-available", "\(what) is not available in this version.", remedy: remedy)
  }
}
