import Quantities

/// Finds out what could stand where the cursor is; every shell's script asks it.
struct Completer {
  let program: Program

  /// What the shell shall offer.
  struct Answer: Equatable {
    /// Words with a phrase about each.
    var words: [Candidate] = []
    /// Names of files with these suffixes (all if empty), or nil for none.
    var fileSuffixes: [String]?
    var offersDirectories = false

    /// One a line: the word, a tab, the phrase; first a line `:files SUFFIX…` or `:directories` where wanted.
    var text: String {
      var lines: [String] = []
      if let fileSuffixes { lines.append(([":files"] + fileSuffixes).joined(separator: " ")) }
      if offersDirectories { lines.append(":directories") }
      lines += words.map { $0.help.isEmpty ? $0.word : $0.word + "\t" + $0.help }
      return lines.map { $0 + "\n" }.joined()
    }
  }

  /// A word that could stand at the cursor.
  struct Candidate: Equatable {
    var word: String
    var help = ""
  }

  /// `words` are those after the program's name; the last one is being typed and may be empty.
  func answer(_ words: [String]) async throws -> Answer {
    let current = words.last ?? ""
    var before = words.dropLast()[...]
    var outline: Outline?
    while true {
      let verbs = outline.map(\.subcommands) ?? top
      if verbs.isEmpty { break }
      guard let word = before.popFirst() else { return offered(verbs, outline, current) }
      if outline == nil, word == "help" { continue }
      guard let next = verbs.first(where: { $0.about.name == word }) else { return Answer() }
      outline = next
    }
    guard let outline else { return Answer() }
    return try await parameters(of: outline, before: Array(before), current: current)
  }

  private var top: [Outline] {
    program.commands.filter { !$0.about.isHidden }.map { Outline($0, under: [program.name]) }
  }

  private func offered(_ verbs: [Outline], _ outline: Outline?, _ current: String) -> Answer {
    var all = verbs.map { Candidate(word: $0.about.name, help: $0.about.summary) }
    if outline == nil { all.append(Candidate(word: "help", help: "Show help for a verb.")) }
    if current.hasPrefix("-") { all = [Candidate(word: "--help", help: "show help")] }
    return Answer(words: all.filter { $0.word.hasPrefix(current) })
  }

  private func parameters(of outline: Outline, before: [String], current: String) async throws -> Answer {
    let place = Place(before, outline)
    if let option = place.openOption { return try await values(option, place.positional, current) }
    if place.isAfterDashes { return outline.passthrough == nil ? Answer() : Answer(fileSuffixes: []) }
    if current.hasPrefix("--"), let sign = current.firstIndex(of: "=") {
      let option = outline.options.first { "--" + $0.name == current[..<sign] && $0.kind == .option }
      guard let option else { return Answer() }
      var answer = try await values(option, place.positional, String(current[current.index(after: sign)...]))
      answer.words = answer.words.map { Candidate(word: current[...sign] + $0.word, help: $0.help) }
      return answer
    }
    if current.hasPrefix("-") { return options(outline, current) }
    let index = place.positional.count
    let argument = index < outline.arguments.count ? outline.arguments[index] : outline.arguments.last { $0.repeats }
    guard let argument else { return Answer() }
    return try await values(argument, place.positional, current)
  }

  private func options(_ outline: Outline, _ current: String) -> Answer {
    var all = outline.visibleOptions.map { Candidate(word: "--" + $0.name, help: $0.help) }
    all.append(Candidate(word: "--help", help: "show help"))
    return Answer(words: all.filter { $0.word.hasPrefix(current) })
  }

  private func values(_ parameter: Declaration, _ positional: [String], _ current: String) async throws -> Answer {
    let names: [String]
    switch parameter.completion {
    case .none: return Answer()
    case .file(let suffixes): return Answer(fileSuffixes: suffixes)
    case .directory: return Answer(offersDirectories: true)
    case .choices(let choices): names = choices
    case .infrastructure, .node, .dynamic: names = try await program.names(parameter.completion, positional)
    }
    return Answer(words: names.filter { $0.hasPrefix(current) }.map { Candidate(word: $0) })
  }
}

/// Where among a verb's parameters the cursor is.
private struct Place {
  /// Option that still waits for its value.
  var openOption: Declaration?
  var positional: [String] = []
  var isAfterDashes = false

  init(_ words: [String], _ outline: Outline) {
    for word in words {
      if isAfterDashes { continue }
      if openOption != nil {
        openOption = nil
      } else if word == "--" {
        isAfterDashes = true
      } else if word.hasPrefix("-"), word.count > 1 {
        openOption = outline.options.first { $0.kind == .option && Place.opens($0, word) }
      } else {
        positional.append(word)
      }
    }
  }

  /// `--format` and `-f` wait for a value, and so does `-qf`; `--format=json` and `-fjson` have theirs.
  private static func opens(_ option: Declaration, _ word: String) -> Bool {
    if word == "--" + option.name { return true }
    guard let short = option.short, !word.hasPrefix("--") else { return false }
    return word.last == short && !word.dropFirst().dropLast().contains(short)
  }
}
