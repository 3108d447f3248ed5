import CommandLine
import Controller
import Infrastructure
import Quantities

/// A moment as a person gives it: `2026-11-21T20:00:00Z`, `now`, or `+2h` from now.
struct Moment: ArgumentValue {
  var time: Timestamp
  var isNow = false

  init(argument: String) throws {
    isNow = argument == "now"
    if isNow {
      time = .now
    } else if argument.hasPrefix("+") {
      time = .now + (try Duration(parsing: String(argument.dropFirst())))
    } else {
      time = try Timestamp(parsing: argument)
    }
  }

  var argumentText: String { isNow ? "now" : time.description }
}

/// A length of time as a person gives it: `2h`, `1h30m`; a plus sign in front is passed over.
struct Span: ArgumentValue {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init(argument: String) throws {
    duration = try Duration(parsing: argument.hasPrefix("+") ? String(argument.dropFirst()) : argument)
    guard duration >= .seconds(1) else {
      throw Problem(
        .invalid, "duration-too-short", "'\(argument)' is shorter than a second.",
        remedy: "Give a longer one, such as 2h.")
    }
  }

  var argumentText: String { duration.text }
}

/// When a verb's request shall be, instead of what the file says.
struct TimeOptions: ParameterGroup {
  @Option(value: "TIME", help: "when the lease starts: RFC 3339, '+2h' from now, or 'now' (default: as the file says)")
  var start: Moment?
  @Option(value: "TIME", help: "how long the lease lasts, such as 4h (default: as the file says)")
  var duration: Span?

  func apply(to request: VirtualInfrastructure) -> VirtualInfrastructure {
    var request = request
    if let start { request.lease.start = start.isNow ? nil : start.time }
    if let duration { request.lease.duration = duration.duration }
    return request
  }
}
