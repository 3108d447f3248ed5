import Quantities

/// An element whose children are known: typed access, with problems that name the object.
struct MarkupFields {
  let element: MarkupElement
  /// The object, as the beginning of a sentence: `vNode 'vn1'`.
  let subject: String
  private let names: [String]

  /// Throws `unknown-element`, `unknown-attribute` or `stray-text`.
  init(_ element: MarkupElement, of subject: String, _ names: [String], attributes: [String] = []) throws(Problem) {
    self.element = element
    self.subject = subject
    self.names = names
    guard element.text.isEmpty else {
      throw element.mark.problem(
        "stray-text", "\(subject) has the text '\(element.text.excerpt)' where only elements can be.",
        remedy: "Remove it, or put it into one of: \(names.joined(separator: ", ")).")
    }
    try Self.checkAttributes(element, subject, attributes)
    for child in element.children where !names.contains(child.name) || child.namespace != element.namespace {
      let hint = names.contains(child.name) ? " in another namespace" : ""
      throw child.mark.problem(
        "unknown-element", "\(subject) has the unknown element '\(child.name.excerpt)'\(hint).",
        remedy: names.contains(child.name)
          ? "Use one namespace throughout." : Remedy.nearest(child.name, among: names))
    }
  }

  /// Attributes of other vocabularies, such as `xsi:schemaLocation`, say nothing about the description.
  private static func checkAttributes(
    _ element: MarkupElement, _ subject: String, _ known: [String]
  ) throws(Problem) {
    let unknown = element.attributes.keys.filter { !known.contains($0) && !$0.contains(":") && $0 != "xmlns" }
    guard let attribute = unknown.min() else { return }
    throw element.mark.problem(
      "unknown-attribute", "\(subject) has the unknown attribute '\(attribute.excerpt)'.",
      remedy: known.isEmpty ? "Write values as elements." : Remedy.nearest(attribute, among: known))
  }

  /// All children of that name, in order.
  func all(_ name: String) -> [MarkupElement] {
    assert(names.contains(name), "\(name) is not among the known elements")
    return element.children.filter { $0.name == name }
  }

  /// The only child of that name; nil where there is none. Throws `repeated-element`.
  func one(_ name: String) throws(Problem) -> MarkupElement? {
    let found = all(name)
    guard found.count <= 1 else {
      throw found[1].mark.problem(
        "repeated-element", "\(subject) has a second '\(name)'; the first is on \(found[0].mark.short).",
        remedy: "Remove one of the two.")
    }
    return found.first
  }

  /// Like `one`, but it must be there. Throws `missing-element`, `repeated-element`.
  func required(_ name: String) throws(Problem) -> MarkupElement {
    guard let child = try one(name) else {
      throw element.mark.problem(
        "missing-element", "\(subject) has no '\(name)'.", remedy: "Add <\(name)>…</\(name)> to it.")
    }
    return child
  }

  /// The text of the only child of that name.
  func text(_ name: String) throws(Problem) -> String? {
    guard let child = try one(name) else { return nil }
    return try leaf(child)
  }

  /// The text of each child of that name.
  func texts(_ name: String) throws(Problem) -> [String] {
    try all(name).map { (child) throws(Problem) in try leaf(child) }
  }

  /// The text of the only child of that name read by `parse`, whose problem gets this place.
  func value<T>(_ name: String, _ parse: (String) throws(Problem) -> T) throws(Problem) -> T? {
    guard let child = try one(name) else { return nil }
    return try value(of: child, parse)
  }

  /// The text of a child read by `parse`, whose problem gets this place.
  func value<T>(of child: MarkupElement, _ parse: (String) throws(Problem) -> T) throws(Problem) -> T {
    let text = try leaf(child)
    return try child.mark.locating("\(subject), \(child.name)") { () throws(Problem) -> T in try parse(text) }
  }

  /// The text of a child that has nothing else. Throws `wrong-type`, `unknown-attribute`.
  func leaf(_ child: MarkupElement) throws(Problem) -> String {
    try Self.checkAttributes(child, "\(subject), \(child.name)", [])
    if let inner = child.children.first {
      throw inner.mark.problem(
        "wrong-type", "\(subject), \(child.name) must be text, but here is the element '\(inner.name.excerpt)'.",
        remedy: "Write <\(child.name)>TEXT</\(child.name)>.")
    }
    return child.text
  }
}
