import Quantities

/// A moment with the text that it was written with (`xs:dateTime`); without a zone it is UTC.
public struct VXDLDate: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public let time: Timestamp

  /// Throws `bad-time`.
  public init(parsing text: String) throws(Problem) {
    let bytes = Array(text.utf8)
    // `Timestamp` reads more than XML Schema allows: a space for T, and no seconds.
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: "T"), bytes[16] == UInt8(ascii: ":"), bytes.last != 0x7a else {
      throw Problem(
        .invalid, "bad-time", "'\(text.excerpt)' is not a date and time.",
        remedy: "Write one as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00.")
    }
    time = try Timestamp(parsing: text)
    description = text
  }

  /// Throws `bad-time` for the distant future.
  init(_ time: Timestamp) throws(Problem) { try self.init(parsing: time.description) }
}

/// A length of time with the text that it was written with (`xs:duration`, such as `PT4H` or `P10D`).
///
/// Years are taken for 365 days and months for 30, since what they are depends on the moment.
public struct VXDLSpan: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  /// At least a second, at most 100 years.
  public let duration: Duration

  /// Throws `bad-duration`, `negative-value`, `lease-too-short` or `quantity-out-of-range`.
  public init(parsing text: String) throws(Problem) {
    if text.hasPrefix("-") {
      throw Problem(
        .invalid, "negative-value", "'\(text.excerpt)' is negative.", remedy: "Write a duration such as PT4H.")
    }
    guard let seconds = Self.seconds(text) else {
      throw Problem(
        .invalid, "bad-duration", "'\(text.excerpt)' is not a duration.",
        remedy: "Write one such as PT4H, P10D or P1DT12H.")
    }
    guard seconds <= 36525 * 86400 else {
      throw Problem(
        .invalid, "quantity-out-of-range", "'\(text.excerpt)' is more than 100 years.",
        remedy: "Write a shorter duration, such as PT4H.")
    }
    guard seconds >= 1 else {
      throw Problem(
        .invalid, "lease-too-short", "'\(text.excerpt)' is shorter than a second.",
        remedy: "Write a longer duration, such as PT4H, or leave 'totalTime' out.")
    }
    duration = .milliseconds(Int64((seconds * 1000).rounded()))
    description = text
  }

  /// `duration` to the millisecond below. Throws what `init(parsing:)` throws.
  init(_ duration: Duration) throws(Problem) {
    let (seconds, attoseconds) = duration.components
    let (days, rest) = max(0, seconds).quotientAndRemainder(dividingBy: 86400)
    let thousandths = UInt64(rest % 60) * 1000 + UInt64(max(0, attoseconds) / 1_000_000_000_000_000)
    var time = rest >= 3600 ? "\(rest / 3600)H" : ""
    if rest / 60 % 60 > 0 { time += "\(rest / 60 % 60)M" }
    if thousandths > 0 || days + rest == 0 { time += "\(VXDLNumber(thousandths, places: 3))S" }
    try self.init(parsing: "P" + (days > 0 ? "\(days)D" : "") + (time.isEmpty ? "" : "T\(time)"))
  }

  private static let dateParts: [(Character, Double)] = [("Y", 365 * 86400), ("M", 30 * 86400), ("D", 86400)]
  private static let timeParts: [(Character, Double)] = [("H", 3600), ("M", 60), ("S", 1)]

  /// Nil where `text` is no duration.
  private static func seconds(_ text: String) -> Double? {
    guard text.first == "P", text.utf8.count <= 64 else { return nil }
    let halves = text.dropFirst().split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count <= 2, let date = sum(halves[0], dateParts) else { return nil }
    guard halves.count == 2 else { return halves[0].isEmpty ? nil : date }
    guard !halves[1].isEmpty, let time = sum(halves[1], timeParts) else { return nil }
    return date + time
  }

  /// Numbers with designators in the order of `parts`, each at most once.
  private static func sum(_ text: Substring, _ parts: [(Character, Double)]) -> Double? {
    var (rest, total, next) = (text, 0.0, 0)
    while !rest.isEmpty {
      let number = rest.prefix { "0123456789.".contains($0) }
      rest = rest.dropFirst(number.count)
      guard let designator = rest.popFirst(), let place = parts[next...].firstIndex(where: { $0.0 == designator }),
        designator == "S" || !number.contains("."), number.first != ".", number.last != ".",
        let value = Double(number)
      else { return nil }
      total += value * parts[place].1
      next = place + 1
    }
    return total
  }
}
