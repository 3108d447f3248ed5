import Quantities

extension LocatedNode {
  /// The text of a scalar. Throws `wrong-type`.
  func text(of subject: String) throws(Problem) -> String {
    guard case .scalar(let text, _) = content, !isNull else {
      throw mark.problem(
        "wrong-type", "\(subject) must be a single value, but here is \(found).", remedy: "Write one value.")
    }
    return text
  }

  /// A scalar read by `parse`, whose problem gets this place and `subject`.
  func value<T>(of subject: String, _ parse: (String) throws(Problem) -> T) throws(Problem) -> T {
    let text = try text(of: subject)
    return try mark.locating(subject) { () throws(Problem) -> T in try parse(text) }
  }

  /// The entries of a mapping; nothing has none. Throws `wrong-type`.
  func entries(of subject: String, example: String) throws(Problem) -> [Entry] {
    if isNull { return [] }
    guard case .mapping(let entries) = content else {
      throw mark.problem(
        "wrong-type", "\(subject) must be a mapping, but here is \(found).",
        remedy: "Write keys and values: \(example).")
    }
    return entries
  }

  /// The elements of a list; nothing has none. Throws `wrong-type`.
  func elements(of subject: String, example: String) throws(Problem) -> [LocatedNode] {
    if isNull { return [] }
    guard case .sequence(let elements) = content else {
      throw mark.problem(
        "wrong-type", "\(subject) must be a list, but here is \(found).", remedy: "Write a list: \(example).")
    }
    return elements
  }

  /// The elements of a list, or the single value as the only one. Throws `wrong-type`, also for nothing.
  func oneOrMany(of subject: String, example: String) throws(Problem) -> [LocatedNode] {
    if case .scalar = content {
      _ = try text(of: subject)
      return [self]
    }
    return try elements(of: subject, example: example)
  }
}
