import Quantities

/// The ways in which a command line can be wrong; each a `Problem` of kind `invalid`, so that the exit status is 2.
enum Usage {
  static func missingVerb(after name: String, among verbs: [String]) -> Problem {
    Problem(
      .invalid, "missing-verb", "'\(name)' needs a verb.", remedy: "Say one of \(verbs.joined(separator: ", ")).")
  }

  static func unknownVerb(_ word: String, among verbs: [String], path: String) -> Problem {
    Problem(
      .invalid, "unknown-verb", "'\(path)' has no verb '\(word)'.",
      remedy: Nearest.name(to: word, among: verbs).map { "Did you mean '\($0)'?" }
        ?? "Run '\(path) --help' for the verbs.")
  }

  static func unknownOption(_ word: String, among options: [String], path: String) -> Problem {
    Problem(
      .invalid, "unknown-option", "'\(path)' has no option '\(word)'.",
      remedy: Nearest.name(to: word, among: options).map { "Did you mean '\($0)'?" }
        ?? "Run '\(path) --help' for the options.")
  }

  static func missingValue(_ option: String, _ valueName: String) -> Problem {
    Problem(
      .invalid, "missing-value", "'\(option)' needs a value.", remedy: "Write '\(option) \(valueName)'.")
  }

  static func unwantedValue(_ option: String) -> Problem {
    Problem(.invalid, "unwanted-value", "'\(option)' takes no value.", remedy: "Write '\(option)' alone.")
  }

  static func repeated(_ option: String) -> Problem {
    Problem(.invalid, "repeated-option", "'\(option)' is given twice.", remedy: "Give it once.")
  }

  static func missingArgument(_ valueName: String, usage: String) -> Problem {
    Problem(.invalid, "missing-argument", "\(valueName) is missing.", remedy: "Write '\(usage)'.")
  }

  static func extraArgument(_ word: String, usage: String) -> Problem {
    Problem(.invalid, "extra-argument", "'\(word)' is one word too many.", remedy: "Write '\(usage)'.")
  }

  static func notAmong(_ word: String, _ choices: [String]) -> Problem {
    let nearest = Nearest.name(to: word, among: choices).map { "Did you mean '\($0)'?" }
    return Problem(
      .invalid, "bad-value", "'\(word)' is none of \(choices.joined(separator: ", ")).",
      remedy: nearest ?? "Say one of \(choices.joined(separator: ", ")).")
  }

  /// What a word says about a flag.
  static func truth(_ word: String) throws -> Bool {
    switch word.lowercased() {
    case "1", "true", "yes", "on": return true
    case "", "0", "false", "no", "off": return false
    default:
      throw Problem(
        .invalid, "bad-value", "'\(word)' is neither true nor false.", remedy: "Say 1 or 0, true or false.")
    }
  }
}
