import Quantities

/// A mapping whose keys are known.
struct Fields {
  let node: YAMLNode
  private var values: [String: YAMLNode] = [:]

  /// Throws `unknown-key` with the nearest known key, or `wrong-type` where `node` is no mapping. Nothing at
  /// all counts as an empty mapping.
  init(_ node: YAMLNode, of what: String, known: [String]) throws(Problem) {
    self.node = node
    for (key, value) in try node.entries(of: what) {
      let name = key.string
      guard known.contains(name) else {
        let near = Nearest.name(to: name, among: known)
        throw key.problem(
          "unknown-key", "\(what) has no key '\(name.excerpt)'.",
          remedy: near.map { "Did you mean '\($0)'?" } ?? "Its keys are: \(known.joined(separator: ", ")).")
      }
      if !value.isNull { values[name] = value }
    }
  }

  /// The value of a key; nil where it is missing or empty.
  subscript(key: String) -> YAMLNode? { values[key] }

  /// The value of a key that must be there.
  func required(_ key: String, of what: String) throws(Problem) -> YAMLNode {
    guard let value = values[key] else {
      throw node.problem("missing-key", "\(what) has no '\(key)'.", remedy: "Add '\(key):' to it.")
    }
    return value
  }
}

extension YAMLNode {
  /// A scalar's text; empty for anything else.
  var string: String {
    if case .scalar(let text, _) = content { return text }
    return ""
  }

  /// A mapping's entries.
  func entries(of what: String) throws(Problem) -> [(key: YAMLNode, value: YAMLNode)] {
    if case .mapping(let entries) = content { return entries }
    if isNull { return [] }
    throw problem("wrong-type", "\(what) is \(kindName), but a mapping is meant.", remedy: "Write 'key: value' lines.")
  }

  /// A list's items.
  func items(of what: String) throws(Problem) -> [YAMLNode] {
    if case .sequence(let items) = content { return items }
    if isNull { return [] }
    throw problem("wrong-type", "\(what) is \(kindName), but a list is meant.", remedy: "Write [a, b] or '- a' lines.")
  }

  /// A list's items, or the one thing that stands in place of a list.
  func itemsOrOne(of what: String) throws(Problem) -> [YAMLNode] {
    if case .scalar = content, !isNull { return [self] }
    return try items(of: what)
  }

  /// A scalar's text, as it stands.
  func text(of what: String) throws(Problem) -> String {
    guard case .scalar(let text, _) = content, !text.isEmpty else {
      throw problem("wrong-type", "\(what) is \(kindName), but a single value is meant.", remedy: "Write one value.")
    }
    return text
  }

  /// A scalar read by `parse`, whose problem then stands here and names `what`.
  func value<Value>(of what: String, _ parse: (String) throws(Problem) -> Value) throws(Problem) -> Value {
    let text = try text(of: what)
    do throws(Problem) {
      return try parse(text)
    } catch {
      throw Problem(error.kind, error.code, "\(what): \(error.message)", remedy: error.remedy, location: place.text)
    }
  }

  /// A name.
  func name(of what: String) throws(Problem) -> Name { try value(of: what, Name.init(parsing:)) }

  /// A bit rate above 0.
  func rate(of what: String) throws(Problem) -> Bitrate {
    let rate = try value(of: what, Bitrate.init(parsing:))
    guard rate > .zero else {
      throw problem("zero-rate", "\(what) is 0.", remedy: "Write a rate above 0, or leave it out for no limit.")
    }
    return rate
  }

  /// A whole number in a range.
  func integer(of what: String, in range: ClosedRange<Int>) throws(Problem) -> Int {
    let text = try text(of: what)
    guard let number = Int(text), range.contains(number) else {
      throw problem(
        "out-of-range", "\(what) is '\(text.excerpt)'.",
        remedy: "Write a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// One of the words of an enumeration.
  func choice<Value: RawRepresentable & CaseIterable>(
    of what: String, _: Value.Type
  ) throws(Problem) -> Value where Value.RawValue == String {
    let text = try text(of: what)
    guard let value = Value(rawValue: text) else {
      throw problem(
        "unknown-choice", "\(what) is '\(text.excerpt)'.",
        remedy: "Write one of \(Value.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return value
  }
}
