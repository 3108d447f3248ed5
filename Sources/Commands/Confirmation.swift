import CommandLine
import Glibc
import Quantities

/// Asks before something is ended; only where there is a person to ask.
enum Confirmation {
  /// Returns where the person said yes, or where nobody is at a terminal; throws otherwise.
  static func ask(_ question: String, _ context: Context) throws {
    guard isatty(0) == 1, isatty(2) == 1 else { return }
    context.console.message(question + " [y/N] ")
    guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
      throw Problem(.failed, "not-confirmed", "Nothing was done.", remedy: "Answer 'y', or give --yes.")
    }
  }
}
