import Quantities

/// Names written with ranges: `worker[1-4]`, `w[1-3,7]`, `n[01-12]` (zero-padded), `rack[1-2]-[1-8]`.
enum NamePattern {
  /// No pattern, and no file, has more names than this.
  static let maximumNames = 10_000

  private static let maximumLength = 255

  /// The texts that `pattern` stands for, in order; what has no bracket stands for itself.
  ///
  /// Counts before it allocates. Throws `bad-range` or `too-many`.
  static func expand(_ pattern: String) throws(Problem) -> [String] {
    guard pattern.utf8.contains(UInt8(ascii: "[")) || pattern.utf8.contains(UInt8(ascii: "]")) else {
      return [pattern]
    }
    guard pattern.utf8.count <= maximumLength else { throw malformed(pattern, "it is longer than \(maximumLength)") }
    var names = [""]
    var rest = Substring(pattern)
    while let open = rest.firstIndex(of: "[") {
      guard let close = rest[open...].firstIndex(of: "]") else { throw malformed(pattern, "a bracket stays open") }
      let before = rest[..<open]
      guard !before.contains("]") else { throw malformed(pattern, "a bracket is closed that was not opened") }
      let ranges = try ranges(rest[open..<close].dropFirst(), of: pattern)
      let count = ranges.reduce(0) { $0 + $1.count }
      guard count <= maximumNames, names.count * count <= maximumNames else { throw tooMany(pattern) }
      let numbers = ranges.flatMap(\.texts)
      names = names.flatMap { name in numbers.map { name + before + $0 } }
      rest = rest[close...].dropFirst()
    }
    guard !rest.contains("]") else { throw malformed(pattern, "a bracket is closed that was not opened") }
    return names.map { $0 + rest }
  }

  private struct NumberRange {
    var low: Int
    var high: Int
    /// Digits to fill up with zeros.
    var width: Int
    var count: Int { high - low + 1 }
    var texts: [String] {
      (low...high).map { number in
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
      }
    }
  }

  private static func ranges(_ text: Substring, of pattern: String) throws(Problem) -> [NumberRange] {
    var ranges: [NumberRange] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
      guard (1...2).contains(bounds.count), let low = number(bounds[0]), let high = number(bounds[bounds.count - 1])
      else { throw malformed(pattern, "'\(String(part).excerpt)' is neither a number nor a range of them") }
      guard low <= high else { throw malformed(pattern, "\(low) is above \(high)") }
      // A lone 0 is a number like any other.
      let isPadded = bounds.contains { $0.count > 1 && $0.first == "0" }
      guard !isPadded || bounds.allSatisfy({ $0.count == bounds[0].count }) else {
        throw malformed(pattern, "its zero-padded numbers differ in width")
      }
      let width = isPadded ? bounds[0].count : 0
      ranges.append(NumberRange(low: low, high: high, width: width))
    }
    return ranges
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  private static func malformed(_ pattern: String, _ why: String) -> Problem {
    Problem(
      .invalid, "bad-range", "'\(pattern.excerpt)' has no proper range: \(why).",
      remedy: "Write ranges such as worker[1-4], w[1-3,7] or n[01-12].")
  }

  /// The problem of a `pattern` that brings `subject` above the bound; `mark` is where it stands.
  static func tooMany(_ pattern: String, of subject: String, _ mark: Mark) -> Problem {
    var problem = tooMany(pattern)
    problem.message = "\(subject): \(problem.message)"
    problem.location = mark.description
    return problem
  }

  private static func tooMany(_ pattern: String) -> Problem {
    Problem(
      .invalid, "too-many", "'\(pattern.excerpt)' makes more than \(maximumNames) names.",
      remedy: "Ask for at most \(maximumNames) in one file.")
  }
}
