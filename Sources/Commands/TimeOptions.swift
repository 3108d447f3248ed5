import CommandLine
import Controller
import Quantities

/// A moment as a person gives it: `2026-11-21T20:00:00Z`, or `+2h` from now.
struct Moment: ArgumentValue {
  static var valueDescription: String { "TIME" }
  var time: Timestamp

  init(argument: String) throws {
    if argument.hasPrefix("+") {
      time = .now + (try Duration(parsing: String(argument.dropFirst())))
    } else {
      time = try Timestamp(parsing: argument)
    }
  }
}
