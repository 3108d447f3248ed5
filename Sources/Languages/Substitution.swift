import Quantities

/// `${VAR}` and `${VAR:-default}` in scalars; `$${` is a plain `${`.
struct Substitution {
  let environment: [String: String]

  /// The tree with every scalar's variables replaced; keys too.
  func apply(to node: YAMLNode) throws(Problem) -> YAMLNode {
    var result = node
    switch node.content {
    case .scalar(let text, let isPlain):
      guard text.contains("${") else { return node }
      result.content = .scalar(try replaced(text, in: node), isPlain: isPlain)
    case .sequence(let items):
      var replaced: [YAMLNode] = []
      for item in items { replaced.append(try apply(to: item)) }
      result.content = .sequence(replaced)
    case .mapping(let entries):
      var replaced: [(key: YAMLNode, value: YAMLNode)] = []
      for entry in entries { replaced.append((try apply(to: entry.key), try apply(to: entry.value))) }
      result.content = .mapping(replaced)
    }
    return result
  }

  private func replaced(_ text: String, in node: YAMLNode) throws(Problem) -> String {
    var result = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let close = rest.firstIndex(of: "}") else {
          throw node.problem(
            "bad-variable", "'\(text.excerpt)' has a '${' without its '}'.", remedy: "Close it, or write '$${'.")
        }
        result += try value(String(rest[..<close].dropFirst(2)), in: node)
        rest = rest[close...].dropFirst()
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private func value(_ reference: String, in node: YAMLNode) throws(Problem) -> String {
    var name = reference[...]
    var fallback: String?
    if let mark = reference.firstRange(of: ":-") {
      name = reference[..<mark.lowerBound]
      fallback = String(reference[mark.upperBound...])
    }
    let first = name.utf8.first.map { !(48...57).contains($0) } ?? false
    guard first, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
      throw node.problem(
        "bad-variable", "'${\(reference.excerpt)}' names no variable.", remedy: "Write ${NAME} or ${NAME:-default}.")
    }
    guard let value = environment[String(name)] ?? fallback else {
      throw node.problem(
        "undefined-variable", "The variable '\(name)' is not set.",
        remedy: "Set it in the environment, or write ${\(name):-default}.")
    }
    return value
  }
}
