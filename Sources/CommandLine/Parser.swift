import Quantities

/// Reads words into a command's parameters, in the manner of GNU: options anywhere, `--name=value`, `-abc`, `--`.
struct Parser {
  let outline: Outline
  let program: String
  let environment: [String: String]
  private let named: [Named]
  private var given: [String: [String]] = [:]
  private var positional: [String] = []
  private var rest: [String] = []
  /// Whether `--help` or `-h` stands among the words.
  private(set) var wantsHelp = false

  init(_ command: any Command, _ outline: Outline, program: String, environment: [String: String]) {
    self.outline = outline
    self.program = program
    self.environment = environment
    named = Outline.parameters(of: command)
  }

  /// Reads the words and fills the command; the command line wins over the environment.
  mutating func parse(_ words: [String]) throws {
    try sort(words)
    if wantsHelp { return }
    try assignOptions()
    try assignArguments()
  }

  private mutating func sort(_ words: [String]) throws {
    var left = words[...]
    while let word = left.popFirst() {
      if word == "--" {
        try end(with: Array(left))
        return
      }
      if word.hasPrefix("--") {
        try long(word, &left)
      } else if word.hasPrefix("-"), word.count > 1 {
        try short(word, &left)
      } else {
        positional.append(word)
      }
    }
  }

  /// After `--` stands the passthrough, or else words that may begin with a dash.
  private mutating func end(with words: [String]) throws {
    if outline.passthrough == nil { positional += words } else { rest = words }
  }

  private mutating func long(_ word: String, _ left: inout ArraySlice<String>) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts[0] == "--help" { wantsHelp = true; return }
    guard let option = outline.options.first(where: { "--" + $0.name == parts[0] }) else {
      throw Usage.unknownOption(
        parts[0], among: outline.visibleOptions.map { "--" + $0.name } + ["--help"], path: outline.name)
    }
    try take(option, written: parts[0], attached: parts.count > 1 ? parts[1] : nil, &left)
  }

  private mutating func short(_ word: String, _ left: inout ArraySlice<String>) throws {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let option = outline.options.first { $0.short == letter }
      if option == nil, letter == "h" { wantsHelp = true; continue }
      guard let option else {
        throw Usage.unknownOption("-\(letter)", among: [], path: outline.name)
      }
      if option.kind == .flag {
        try take(option, written: "-\(letter)", attached: nil, &left)
      } else {
        let attached = letters.first == "=" ? letters.dropFirst() : letters
        try take(option, written: "-\(letter)", attached: letters.isEmpty ? nil : String(attached), &left)
        return
      }
    }
  }

  private mutating func take(
    _ option: Declaration, written: String, attached: String?, _ left: inout ArraySlice<String>
  ) throws {
    if option.kind == .flag {
      if attached != nil { throw Usage.unwantedValue(written) }
      given[option.name] = ["true"]
      return
    }
    guard let value = attached ?? left.first, attached != nil || value != "--" else {
      throw Usage.missingValue(written, option.valueName)
    }
    if attached == nil { left.removeFirst() }
    if given[option.name] != nil, !option.repeats { throw Usage.repeated(written) }
    given[option.name, default: []].append(value)
  }

  private func assignOptions() throws {
    for item in named where item.declaration.kind == .option || item.declaration.kind == .flag {
      let variable = item.declaration.environmentName(program: program)
      if let words = given[item.declaration.name] {
        try assign(item, words, as: "--" + item.declaration.name)
      } else if let text = environment[variable], !text.isEmpty {
        let words = item.declaration.repeats ? text.split(separator: ",").map(String.init) : [text]
        try assign(item, words, as: variable)
      }
    }
  }

  private func assignArguments() throws {
    var left = positional[...]
    for item in named where item.declaration.kind == .argument {
      let words = item.declaration.repeats ? Array(left) : Array(left.prefix(1))
      left = left.dropFirst(words.count)
      if !words.isEmpty {
        try assign(item, words, as: item.declaration.valueName)
      } else if item.declaration.isRequired {
        throw Usage.missingArgument(item.declaration.valueName, usage: outline.usage)
      }
    }
    if let extra = left.first { throw Usage.extraArgument(extra, usage: outline.usage) }
    for item in named where item.declaration.kind == .passthrough {
      if rest.isEmpty, item.declaration.isRequired {
        throw Usage.missingArgument("-- \(item.declaration.valueName)", usage: outline.usage)
      }
      try item.parameter.assign(rest)
    }
  }

  /// Says which parameter a senseless word was for.
  private func assign(_ item: Named, _ words: [String], as name: String) throws {
    do {
      try item.parameter.assign(words)
    } catch var problem as Problem {
      problem.kind = .invalid
      problem.message = "\(name): \(problem.message)"
      throw problem
    } catch {
      throw Problem(
        .invalid, "bad-value", "\(name): '\(words.joined(separator: " "))' makes no sense: \(error).",
        remedy: "Run '\(outline.name) --help'.")
    }
  }
}
