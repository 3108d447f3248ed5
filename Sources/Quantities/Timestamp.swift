/// A moment in seconds since 1970-01-01T00:00:00Z, leap seconds not counted, from year 1970 to 9999.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  /// A moment after every other.
  public static let distantFuture = Timestamp(seconds: .max)

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

  /// The last second of the year 9999: the latest that can be written, and that a lease may end.
  public static let latest = Timestamp(seconds: 253_402_300_799)

  /// The moment that many whole seconds later; the distant future where that is beyond it.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    let (sum, overflow) = time.seconds.addingReportingOverflow(duration.components.seconds)
    return overflow ? .distantFuture : Timestamp(seconds: sum)
  }

  /// How long after `other` this is.
  public static func - (time: Timestamp, other: Timestamp) -> Duration {
    let (difference, overflow) = time.seconds.subtractingReportingOverflow(other.seconds)
    return .seconds(overflow ? Int64.max : difference)
  }
}

extension Timestamp: CustomStringConvertible, TextCodable {
  /// RFC 3339 in UTC: `2026-11-21T08:00:00Z`; `never` for the distant future.
  public var description: String {
    if self == .distantFuture { return "never" }
    // Downwards, also before 1970, and for what a damaged document gives.
    let second = (seconds % 86400 + 86400) % 86400
    let day = seconds / 86400 - (seconds % 86400 < 0 ? 1 : 0)
    let (year, month, dayOfMonth) = Self.civil(day)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(String("000\(year)".suffix(max(4, "\(year)".count))))-\(two(month))-\(two(dayOfMonth))"
    return "\(date)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }

  /// Reads `2026-11-21T08:00:00Z` or with an offset `+01:00` (RFC 3339, section 5.6); a date and time without
  /// either is UTC, seconds may be left out, and fractions of a second are cut off. Throws `bad-time`.
  public init(parsing text: String) throws(Problem) {
    if text == "never" {
      self = .distantFuture
      return
    }
    guard let seconds = Self.read(text) else {
      throw Problem(
        .invalid, "bad-time", "'\(text.excerpt)' is not a date and time.",
        remedy: "Write one as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00.")
    }
    self.init(seconds: seconds)
  }

  private static func read(_ text: String) -> Int64? {
    var rest = Substring(text)
    func number(_ digits: Int) -> Int64? {
      let part = rest.prefix(digits)
      guard part.count == digits, part.allSatisfy({ $0.asciiDigit != nil }) else { return nil }
      rest = rest.dropFirst(digits)
      return Int64(part)
    }
    func take(_ characters: Set<Character>) -> Character? {
      guard let first = rest.first, characters.contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }
    guard let year = number(4), take(["-"]) != nil, let month = number(2), take(["-"]) != nil, let day = number(2),
      year >= 1970, (1...12).contains(month), day >= 1, day <= length(of: month, year), take(["T", "t", " "]) != nil,
      let hour = number(2), take([":"]) != nil, let minute = number(2), hour < 24, minute < 60
    else { return nil }
    var second: Int64 = 0
    if take([":"]) != nil {
      guard let given = number(2), given <= 60 else { return nil }
      second = min(given, 59)
      if take(["."]) != nil {
        guard number(1) != nil else { return nil }
        rest = rest.drop { $0.asciiDigit != nil }
      }
    }
    var offset: Int64 = 0
    if take(["Z", "z"]) == nil, let sign = take(["+", "-"]) {
      guard let hours = number(2), take([":"]) != nil, let minutes = number(2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == "+" ? 1 : -1)
    }
    guard rest.isEmpty else { return nil }
    return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
  }

  private static func length(of month: Int64, _ year: Int64) -> Int64 {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that the leap day is
  /// a year's last.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    // An upper bound first, for a year has at most 366 days; then back where it was too high.
    var year = shifted * 400 / 146_097 + 1
    func start(_ year: Int64) -> Int64 { year * 365 + year / 4 - year / 100 + year / 400 }
    while start(year) > shifted { year -= 1 }
    let dayOfYear = shifted - start(year)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = (month + 2) % 12 + 1
    return (civilMonth <= 2 ? year + 1 : year, civilMonth, dayOfYear - (153 * month + 2) / 5 + 1)
  }
}
