import Quantities

/// Where a time axis has its marks, and what they say: parts of RFC 3339 times in UTC.
struct TimeTicks {
  struct Tick: Hashable {
    var time: Timestamp
    /// `08:30`, or the date where the steps are days or longer.
    var label: String
    /// The date, below the first time of a day; nil elsewhere.
    var date: String?
  }

  /// In seconds; months and years follow the calendar.
  private enum Step {
    case seconds(Int64)
    case months(Int64)
  }

  private static let day: Int64 = 86_400
  private static let steps: [Step] =
    [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, day, 2 * day, 7 * day,
      14 * day,
    ].map { Step.seconds($0) } + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000].map { Step.months($0) }

  let ticks: [Tick]

  /// At most about `count` marks from `start` to `end`, which is later.
  init(from start: Timestamp, to end: Timestamp, count: Int) {
    let span = Double(end.seconds - start.seconds)
    let wanted = span / Double(max(1, count))
    let step = Self.steps.first { Self.length($0) >= wanted } ?? .months(12_000)
    switch step {
    case .seconds(let seconds): ticks = Self.regular(start, end, seconds)
    case .months(let months): ticks = Self.calendar(start, end, months)
    }
  }

  private static func length(_ step: Step) -> Double {
    switch step {
    case .seconds(let seconds): Double(seconds)
    case .months(let months): Double(months) * 30.4 * Double(day)
    }
  }

  private static func regular(_ start: Timestamp, _ end: Timestamp, _ step: Int64) -> [Tick] {
    // Weeks begin on Mondays; 1970-01-05 was one.
    let origin = step % (7 * day) == 0 ? 4 * day : 0
    let offset = start.seconds - origin
    var time = origin + (offset >= 0 ? (offset + step - 1) / step : offset / step) * step
    var ticks: [Tick] = []
    var last = ""
    while time <= end.seconds {
      let text = Timestamp(seconds: time).description
      let date = String(text.prefix(10))
      if step >= day {
        ticks.append(Tick(time: Timestamp(seconds: time), label: date, date: nil))
      } else {
        let clock = text.dropFirst(11).prefix(step % 60 == 0 ? 5 : 8)
        ticks.append(Tick(time: Timestamp(seconds: time), label: String(clock), date: date == last ? nil : date))
      }
      last = date
      time += step
    }
    return ticks
  }

  private static func calendar(_ start: Timestamp, _ end: Timestamp, _ months: Int64) -> [Tick] {
    let parts = start.description.split(separator: "-")
    guard parts.count > 2, let year = Int64(parts[0]), let month = Int64(parts[1]) else { return [] }
    var position = (year * 12 + month - 1) / months * months
    var ticks: [Tick] = []
    while let time = beginning(of: position), time <= end {
      if time >= start {
        let text = time.description
        ticks.append(Tick(time: time, label: String(text.prefix(months % 12 == 0 ? 4 : 7)), date: nil))
      }
      position += months
    }
    return ticks
  }

  /// Of the month with this number from year 0; nil beyond 9999, and the first year that there is before 1970.
  private static func beginning(of month: Int64) -> Timestamp? {
    let year = month / 12
    guard year <= 9999 else { return nil }
    guard year >= 1970 else { return Timestamp(seconds: -1) }
    let number = month % 12 + 1
    return try? Timestamp(parsing: "\(year)-\(number < 10 ? "0" : "")\(number)-01T00:00:00Z")
  }
}
