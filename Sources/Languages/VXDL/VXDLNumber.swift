import Quantities

/// A finite number that is not negative, with the text that it was written with (`xs:double`, so `2.0`, `1e3`).
public struct VXDLNumber: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public let value: Double

  /// Throws `bad-number`, `not-finite` or `negative-value`.
  public init(parsing text: String) throws(Problem) {
    guard !["NaN", "INF", "-INF", "+INF"].contains(text) else { throw Self.notFinite(text) }
    let characters = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    guard characters, text.utf8.count <= 64, let value = Double(text) else {
      throw Problem(
        .invalid, "bad-number", "'\(text.excerpt)' is not a number.",
        remedy: "Write one such as 2 or 2.5, without its unit.")
    }
    guard value.isFinite else { throw Self.notFinite(text) }
    guard value >= 0, !text.hasPrefix("-") else {
      throw Problem(
        .invalid, "negative-value", "'\(text.excerpt)' is negative.", remedy: "Write zero or more.")
    }
    description = text
    self.value = value
  }

  /// `digits` with the point moved left by so many `places`, `0 ... 18`: 134217728 and 6 is 134.217728.
  init(_ digits: UInt64, places: Int = 0) {
    let unit = (0..<places).reduce(UInt64(1)) { power, _ in power * 10 }
    var text = "\(digits / unit)"
    if digits % unit > 0 {
      var fraction = String(String(unit + digits % unit).dropFirst())
      while fraction.last == "0" { fraction.removeLast() }
      text += ".\(fraction)"
    }
    description = text
    value = Double(digits) / Double(unit)
  }

  private static func notFinite(_ text: String) -> Problem {
    Problem(
      .invalid, "not-finite", "'\(text.excerpt)' is not a finite number.",
      remedy: "Leave the element out where there is no bound.")
  }
}
