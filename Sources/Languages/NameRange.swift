import Quantities

/// Names with ranges: `worker[1-4]`, `w[1-3,7]`, `n[01-12]` (the width of the lower bound is kept).
enum NameRange {
  /// How many names one file may give.
  static let limit = 10_000

  /// The names that `node`'s text stands for, in order.
  static func expand(_ node: YAMLNode, of what: String) throws(Problem) -> [Name] {
    let text = try node.text(of: what)
    guard let open = text.firstIndex(of: "[") else { return [try node.name(of: what)] }
    guard text.last == "]", text[open...].dropFirst().firstIndex(of: "[") == nil else { throw malformed(node, text) }
    let stem = text[..<open]
    let body = text[open...].dropFirst().dropLast()
    var names: [Name] = []
    for part in body.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = numbers(part) else { throw malformed(node, text) }
      guard range.count <= limit - names.count else {
        throw node.problem(
          "too-many-nodes", "\(what) '\(text.excerpt)' stands for more than \(limit) names.",
          remedy: "Use at most \(limit).")
      }
      for number in range {
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, width(part) - digits.utf8.count))
        names.append(try name(stem + padding + digits, node, what))
      }
    }
    return names
  }

  private static func name(_ text: String, _ node: YAMLNode, _ what: String) throws(Problem) -> Name {
    guard let name = Name(text) else {
      throw node.problem(
        "bad-name", "\(what): '\(text.excerpt)' cannot be a name: \(Name.fault(in: text) ?? "it is malformed").",
        remedy: "Use 1 to 63 lower-case letters, digits and inner hyphens.")
    }
    return name
  }

  private static func numbers(_ part: Substring) -> ClosedRange<Int>? {
    let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
    let values = bounds.compactMap { $0.utf8.count <= 9 && $0.allSatisfy(\.isASCIIDigit) ? Int($0) : nil }
    guard (1...2).contains(bounds.count), values.count == bounds.count, values[0] <= values[values.count - 1]
    else { return nil }
    return values[0]...values[values.count - 1]
  }

  private static func width(_ part: Substring) -> Int { part.prefix { $0 != "-" }.utf8.count }

  private static func malformed(_ node: YAMLNode, _ text: String) -> Problem {
    node.problem(
      "bad-range", "'\(text.excerpt)' is no range of names.",
      remedy: "Write one such as worker[1-4], w[1-3,7] or n[01-12].")
  }
}

extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}
