/// Lays out help from the declarations, 90 columns wide at most.
struct HelpPage {
  let program: Program
  let style: Style
  private let width: Int

  init(_ program: Program, _ style: Style) {
    self.program = program
    self.style = style
    width = min(90, max(50, style.width ?? 90))
  }

  /// The program's own page.
  var overview: String {
    let verbs = program.commands.map { $0.about }.filter { !$0.isHidden }
    var blocks = [program.summary + "\n", section("Usage", ["\(program.name) VERB [OPTIONS] …"])]
    blocks.append(section("Verbs", list(verbs.map { ($0.name, $0.summary) })))
    if !program.discussion.isEmpty { blocks.append(paragraphs(program.discussion)) }
    blocks.append("Run '\(program.name) help VERB' for a verb's own page.\n")
    return blocks.joined(separator: "\n")
  }

  /// A verb's page.
  func page(_ outline: Outline) -> String {
    var blocks = [outline.about.summary + "\n", section("Usage", [outline.usage])]
    if !outline.subcommands.isEmpty {
      blocks.append(section("Verbs", list(outline.subcommands.map { ($0.about.name, $0.about.summary) })))
    }
    let words = outline.arguments + (outline.passthrough.map { [$0] } ?? [])
    if !words.isEmpty { blocks.append(section("Arguments", list(words.map { ($0.valueName, note($0)) }))) }
    let options = outline.visibleOptions.map { (HelpPage.spelling($0), note($0)) }
    blocks.append(section("Options", list(options + [("-h, --help", "show this page")])))
    if !outline.about.discussion.isEmpty { blocks.append(paragraphs(outline.about.discussion)) }
    if !outline.about.examples.isEmpty { blocks.append(section("Examples", examples(outline))) }
    if !options.isEmpty { blocks.append(paragraphs(environmentNote)) }
    return blocks.joined(separator: "\n")
  }

  private var environmentNote: String {
    let prefix = program.name.uppercased()
    return "Each option can also be given as an environment variable, such as \(prefix)_FORMAT=json for"
      + " --format json; the command line wins."
  }

  /// Such as `-f, --format FORMAT`.
  static func spelling(_ option: Declaration) -> String {
    let long = "--\(option.name)" + (option.kind == .option ? " \(option.valueName)" : "")
    return (option.short.map { "-\($0), " } ?? "    ") + long
  }

  /// Help with choices, default and whether it may be repeated.
  func note(_ declaration: Declaration) -> String {
    var extra: [String] = []
    if !declaration.choices.isEmpty { extra.append(declaration.choices.joined(separator: ", ")) }
    if let text = declaration.defaultText { extra.append("default \(text)") }
    if declaration.repeats, declaration.kind == .option { extra.append("may be repeated") }
    return declaration.help + (extra.isEmpty ? "" : " (\(extra.joined(separator: "; ")))")
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    style.bold(title) + "\n" + lines.map { "  " + $0 + "\n" }.joined()
  }

  /// Two columns; the right one is wrapped.
  private func list(_ items: [(String, String)]) -> [String] {
    let column = min(28, items.map { DisplayWidth.of($0.0) }.max() ?? 0) + 2
    return items.flatMap { name, text -> [String] in
      let wrapped = HelpPage.wrap(text, to: width - column - 2)
      let margin = String(repeating: " ", count: column)
      if DisplayWidth.of(name) + 2 > column { return [name] + wrapped.map { margin + $0 } }
      return wrapped.enumerated().map { ($0 == 0 ? DisplayWidth.pad(name, to: column) : margin) + $1 }
    }
  }

  private func examples(_ outline: Outline) -> [String] {
    outline.about.examples.flatMap { [$0.line, "    " + $0.purpose] }
  }

  private func paragraphs(_ text: String) -> String {
    text.replacing("\r", with: "").split(separator: "\n\n").map { paragraph in
      if paragraph.hasPrefix("  ") { return paragraph + "\n" }
      return HelpPage.wrap(String(paragraph), to: width).map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// Lines of at most `width` columns, broken at spaces.
  static func wrap(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      let last = lines[lines.count - 1]
      let joined = last.isEmpty ? String(word) : last + " " + word
      let fits = last.isEmpty || DisplayWidth.of(joined) <= width
      if fits { lines[lines.count - 1] = joined } else { lines.append(String(word)) }
    }
    return lines
  }
}
