import Quantities

/// Moments, whole numbers and texts within what makes sense.
extension Bounds {
  /// From 1970 to 9999, in UTC where no offset is written.
  static func moment(_ text: String) throws(Problem) -> Timestamp {
    let moment = try Timestamp(parsing: text)
    guard moment.seconds >= 0, moment != .distantFuture else {
      throw Problem(
        .invalid, "bad-time", "'\(text.excerpt)' is not a date and time from 1970 to 9999.",
        remedy: "Write one as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00.")
    }
    return moment
  }

  /// A moment of a lease, counted from its start.
  static func delay(_ text: String) throws(Problem) -> Duration {
    let delay = try Duration(parsing: text)
    guard delay > .zero else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is not above zero.",
        remedy: "Write more, such as 1h; what holds from the start stands with the nodes and networks themselves.")
    }
    return delay
  }

  /// How many nodes a host takes at most.
  static func slots(_ text: String) throws(Problem) -> Int { try whole(text, upTo: 1_000_000, "nodes") }

  /// In the operator's own units.
  static func price(_ text: String) throws(Problem) -> Int { try whole(text, upTo: 1_000_000_000, "price units") }

  /// Less than all of it: `10%`.
  static func percent(_ text: String) throws(Problem) -> Int {
    let number = text.hasSuffix("%") ? text.dropLast(text.hasSuffix(" %") ? 2 : 1) : Substring()
    guard (1...2).contains(number.utf8.count), number.utf8.allSatisfy({ (48...57).contains($0) }),
      let percent = Int(number)
    else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is not a share from 0% to 99%.", remedy: "Write one such as 10%.")
    }
    return percent
  }

  /// True or false, as the core schema of YAML 1.2 writes them in small letters.
  static func flag(_ text: String) throws(Problem) -> Bool {
    guard ["true", "false"].contains(text) else {
      throw Problem(
        .invalid, "unknown-word", "'\(text.excerpt)' is neither true nor false.", remedy: "Write true or false.")
    }
    return text == "true"
  }

  /// The name of a place such as a room or a region: one line of 1 to 255 bytes.
  static func location(_ text: String) throws(Problem) -> String {
    try line(text, upTo: 255, "a location", "machine room 2")
  }

  /// A label's key: one line of 1 to 255 bytes.
  static func labelKey(_ text: String) throws(Problem) -> String { try line(text, upTo: 255, "a label's key", "owner") }

  /// A label's value: at most 4096 bytes; of control characters only tabs and ends of lines.
  static func label(_ text: String) throws(Problem) -> String {
    let harmless: Set<Unicode.Scalar> = ["\t", "\n", "\r"]
    guard text.utf8.count <= 4096, text.unicodeScalars.allSatisfy({ !$0.isControl || harmless.contains($0) }) else {
      throw badText(text, "a label: it is longer than 4096 bytes, or has control characters", "chemistry")
    }
    return text
  }

  private static func line(
    _ text: String, upTo limit: Int, _ kind: String, _ example: String
  ) throws(Problem) -> String {
    guard (1...limit).contains(text.utf8.count), !text.unicodeScalars.contains(where: \.isControl) else {
      throw badText(text, "\(kind): it is not one line of 1 to \(limit) bytes", example)
    }
    return text
  }

  private static func badText(_ text: String, _ why: String, _ example: String) -> Problem {
    Problem(.invalid, "bad-text", "'\(text.excerpt)' cannot be \(why).", remedy: "Write one such as '\(example)'.")
  }

  private static func whole(_ text: String, upTo limit: Int, _ unit: String) throws(Problem) -> Int {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), number <= limit else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is not a whole number of \(unit) from 0 to \(limit).",
        remedy: "Write one such as 10.")
    }
    return number
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
