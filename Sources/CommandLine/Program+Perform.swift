import Quantities

extension Program {
  /// Finds the verb, fills its parameters and runs it; or answers `help`, `--help`, `--version`.
  func perform(_ words: [String], _ context: Context) async throws {
    switch words.first {
    case nil, "--help", "-h": try context.write(HelpPage(self, context.console.outStyle).overview)
    case "--version": try context.write("\(name) \(version)\n")
    case "help": try help(for: Array(words.dropFirst()), context)
    default: try await runVerb(words, context)
    }
  }

  private func runVerb(_ words: [String], _ context: Context) async throws {
    let (type, outline, left) = try find(words)
    let command = type.init()
    var parser = Parser(command, outline, program: name, environment: context.environment)
    if !outline.about.subcommands.isEmpty, left.first == "--help" || left.first == "-h" {
      try context.write(HelpPage(self, context.console.outStyle).page(outline))
      return
    }
    try parser.parse(left)
    if parser.wantsHelp {
      try context.write(HelpPage(self, context.console.outStyle).page(outline))
    } else {
      try await command.run(context)
    }
  }

  private func help(for words: [String], _ context: Context) throws {
    let page = HelpPage(self, context.console.outStyle)
    let wanted = words.filter { !$0.hasPrefix("-") }
    if wanted.isEmpty { return try context.write(page.overview) }
    let (_, outline, left) = try find(wanted)
    if let extra = left.first {
      throw Usage.unknownVerb(extra, among: outline.subcommands.map(\.about.name), path: outline.name)
    }
    try context.write(page.page(outline))
  }

  /// The verb that the first words lead to, and the words left for it.
  func find(_ words: [String]) throws -> (any Command.Type, Outline, [String]) {
    var left = words[...]
    var path = [name]
    var among = commands
    while true {
      let word = left.popFirst() ?? ""
      guard let type = among.first(where: { $0.about.name == word }) else {
        throw unknown(word, among, path)
      }
      let goesOn = !type.about.subcommands.isEmpty && left.first.map { !$0.hasPrefix("-") } ?? false
      if !goesOn { return (type, Outline(type, under: path), Array(left)) }
      path.append(word)
      among = type.about.subcommands
    }
  }

  private func unknown(_ word: String, _ among: [any Command.Type], _ path: [String]) -> Problem {
    if word.hasPrefix("-"), path.count == 1 {
      return Usage.unknownOption(word, among: ["--help", "--version"], path: name)
    }
    let verbs = among.map { $0.about }.filter { !$0.isHidden }.map(\.name)
    return Usage.unknownVerb(word, among: verbs + (path.count == 1 ? ["help"] : []), path: path.joined(separator: " "))
  }
}
