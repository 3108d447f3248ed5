import Quantities

/// Variables that a file may refer to: `${NAME}`, or `${NAME:-default}` where it may be missing or empty;
/// `$${` stands for `${`. Names are those of POSIX.1-2017, section 8.1, in either case.
struct Environment: Sendable {
  private let variables: [String: String]

  init(_ variables: [String: String]) { self.variables = variables }

  /// `text` with its variables replaced; what comes out is not looked through again.
  ///
  /// Throws `undefined-variable` or `bad-substitution`.
  func substitute(_ text: String, _ mark: Mark) throws(Problem) -> String {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        result += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else { throw malformed(rest, mark) }
        result += try value(rest[..<end].dropFirst(2), mark)
        rest = rest[end...].dropFirst()
      } else {
        result += "$"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private func value(_ reference: Substring, _ mark: Mark) throws(Problem) -> String {
    let name = reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let tail = reference.dropFirst(name.count)
    guard let first = name.first, !first.isNumber, tail.isEmpty || tail.hasPrefix(":-") else {
      throw malformed("${" + reference + "}", mark)
    }
    let value = variables[String(name)]
    if !tail.isEmpty { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(tail.dropFirst(2)) }
    guard let value else {
      throw mark.problem(
        "undefined-variable", "The variable '\(String(name).excerpt)' is not set.",
        remedy: "Set it in the environment, or give a default: ${\(String(name).excerpt):-default}.")
    }
    return value
  }

  private func malformed(_ text: Substring, _ mark: Mark) -> Problem {
    mark.problem(
      "bad-substitution", "'\(String(text).excerpt)' is not a reference to a variable.",
      remedy: "Write ${NAME} or ${NAME:-default}; write $${ for the text '${'.")
  }
}
