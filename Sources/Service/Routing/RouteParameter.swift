import API
import Quantities

/// A parameter of a route: one description for the check and the API's description.
struct RouteParameter: Sendable {
  enum Place: String, Sendable { case query, header, path }

  /// What values it takes.
  enum Kind: Sendable {
    /// At most 200 octets, no control characters.
    case text
    case integer(ClosedRange<Int>)
    case flag
    case name
    /// RFC 3339.
    case time
    /// RFC 3339, `now`, or `+2h` from now.
    case moment
    case duration
    case choice([String])
    /// 1 to 128 printable ASCII characters.
    case key
    /// Any header value.
    case header
  }

  var name: String
  var place: Place
  var kind: Kind
  var summary: String

  static func query(_ name: String, _ kind: Kind, _ summary: String) -> RouteParameter {
    RouteParameter(name: name, place: .query, kind: kind, summary: summary)
  }

  static func header(_ name: String, _ kind: Kind, _ summary: String) -> RouteParameter {
    RouteParameter(name: name, place: .header, kind: kind, summary: summary)
  }

  /// Throws `bad-parameter` where the value is not of its kind.
  func check(_ value: String) throws(Problem) {
    guard let fault = kind.fault(in: value) else { return }
    throw Problem(
      .invalid, "bad-parameter", "The \(place == .query ? "parameter" : "header") '\(name)' is wrong: \(fault).",
      remedy: "Give \(kind.wish).")
  }

  var schema: JSON { kind.schema }
}

extension RouteParameter.Kind {
  /// Why a value is none of this kind; nil where it is.
  func fault(in value: String) -> String? {
    func parses(_ parse: () throws -> Void) -> Bool {
      do { try parse() } catch { return false }
      return true
    }
    let isRight: Bool =
      switch self {
      case .text: value.utf8.count <= 200 && !value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
      case .integer(let range): Self.number(value).map(range.contains) ?? false
      case .flag: value == "true" || value == "false"
      case .name: Name(value) != nil
      case .time: value != "never" && parses { _ = try Timestamp(parsing: value) }
      case .moment: parses { _ = try Moment(parsing: value, now: Timestamp(seconds: 0)) }
      case .duration: parses { _ = try Duration(parsing: value) }
      case .choice(let choices): choices.contains(value)
      case .key: (1...128).contains(value.utf8.count) && value.utf8.allSatisfy { (0x21...0x7e).contains($0) }
      case .header: true
      }
    return isRight ? nil : "'\(value.excerpt)' is not \(wish)"
  }

  /// Decimal digits only: `Int` takes a plus sign, too.
  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  var wish: String {
    switch self {
    case .text: "a text of 200 octets at most"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "true or false"
    case .name: "a name of lower-case letters, digits and inner hyphens"
    case .time: "a time such as 2026-11-21T08:00:00Z"
    case .moment: "a time such as 2026-11-21T08:00:00Z, now, or +2h"
    case .duration: "a duration such as 1h30m"
    case .choice(let choices): "one of \(choices.joined(separator: ", "))"
    case .key: "1 to 128 printable characters"
    case .header: "a value"
    }
  }

  var schema: JSON {
    switch self {
    case .text: ["type": "string", "maxLength": 200, "pattern": "^[^\\x00-\\x1f\\x7f]*$"]
    case .integer(let range):
      ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .flag: .flag
    case .name: .name
    case .time: ["type": "string", "format": "date-time"]
    case .moment: ["type": "string", "examples": ["2026-11-21T08:00:00Z", "now", "+2h"]]
    case .duration: .duration
    case .choice(let choices): ["type": "string", "enum": .array(choices.map { .text($0) })]
    case .key: ["type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"]
    case .header: .string
    }
  }
}

/// A moment as a request gives it.
struct Moment: Sendable {
  var time: Timestamp
  var isNow: Bool

  /// Throws `bad-time` or `bad-quantity`.
  init(parsing text: String, now: Timestamp) throws(Problem) {
    isNow = text == "now"
    if isNow {
      time = now
    } else if text.hasPrefix("+") {
      time = now + (try Duration(parsing: String(text.dropFirst())))
    } else {
      time = try Timestamp(parsing: text)
    }
  }
}
