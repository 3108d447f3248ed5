import Quantities

/// A place in a file; lines and columns count from 1, columns in Unicode scalars.
struct Mark: Hashable, Sendable, CustomStringConvertible {
  var file: String
  var line: Int
  var column: Int

  var description: String { "\(file):\(line):\(column)" }

  /// `line 7` for a second place in the same file.
  var short: String { "line \(line)" }

  /// A malformed request, at this place.
  func problem(_ code: String, _ message: String, remedy: String) -> Problem {
    Problem(.invalid, code, message, remedy: remedy, location: description)
  }

  /// What `body` gives; its problem is put at this place, and its sentence is begun with `subject`.
  func locating<T>(_ subject: String, _ body: () throws(Problem) -> T) throws(Problem) -> T {
    do {
      return try body()
    } catch {
      var problem = error
      problem.location = description
      problem.message = "\(subject): \(problem.message)"
      throw problem
    }
  }
}
