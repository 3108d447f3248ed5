import Glibc
import Quantities

/// A manual page in roff with the man macros (man(7), groff_man(7)).
struct ManualPage {
  /// Such as `virtcloud-up.1`.
  var file: String
  var text: String

  /// The program's page and one for each verb that is not hidden, at every level.
  static func all(of program: Program) -> [ManualPage] {
    let verbs = program.commands.filter { !$0.about.isHidden }.map { Outline($0, under: [program.name]) }
    return [overview(program, verbs)] + verbs.flatMap { pages($0, program) }
  }

  private static func pages(_ outline: Outline, _ program: Program) -> [ManualPage] {
    [page(outline, program)] + outline.subcommands.flatMap { pages($0, program) }
  }

  private static func overview(_ program: Program, _ verbs: [Outline]) -> ManualPage {
    var lines = head(program.name, program.summary, program)
    lines += [".SH SYNOPSIS", ".B \(escape(program.name))", ".I VERB", "[OPTIONS]"]
    lines += [".SH DESCRIPTION"] + paragraphs(program.discussion.isEmpty ? program.summary : program.discussion)
    lines.append(".SH VERBS")
    lines += verbs.flatMap { [".TP", ".BR \(escape(fileName($0))) (1)", escape($0.about.summary)] }
    lines += exitStatus
    return ManualPage(file: program.name + ".1", text: joined(lines))
  }

  private static func page(_ outline: Outline, _ program: Program) -> ManualPage {
    var lines = head(fileName(outline), outline.about.summary, program)
    lines += [".SH SYNOPSIS", escape(outline.usage)]
    if !outline.about.discussion.isEmpty { lines += [".SH DESCRIPTION"] + paragraphs(outline.about.discussion) }
    lines += section("VERBS", outline.subcommands.map { ($0.about.name, $0.about.summary) })
    let help = HelpPage(program, .plain)
    let words = outline.arguments + (outline.passthrough.map { [$0] } ?? [])
    lines += section("ARGUMENTS", words.map { ($0.valueName, help.note($0)) })
    lines += section("OPTIONS", outline.visibleOptions.map { (spelling($0), help.note($0)) })
    lines += section(
      "ENVIRONMENT",
      outline.visibleOptions.map { ($0.environmentName(program: program.name), "Stands in for --\($0.name).") })
    lines += section("EXAMPLES", outline.about.examples.map { ($0.line, $0.purpose) })
    lines += exitStatus + [".SH SEE ALSO", ".BR \(escape(program.name)) (1)"]
    return ManualPage(file: fileName(outline) + ".1", text: joined(lines))
  }

  private static func head(_ name: String, _ summary: String, _ program: Program) -> [String] {
    let phrase = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
    return [
      ".TH \"\(name.uppercased())\" 1 \"\" \"\(escape(program.name + " " + program.version))\"", ".SH NAME",
      "\(escape(name)) \\- \(escape(phrase))",
    ]
  }

  private static let exitStatus = section(
    "EXIT STATUS",
    [
      ("0", "Everything was done."), ("1", "It was tried and failed."), ("2", "Usage or file is malformed."),
      ("3", "Admission refused it."), ("4", "The named thing does not exist."), ("5", "The caller may not do this."),
    ])

  private static func section(_ title: String, _ items: [(String, String)]) -> [String] {
    if items.isEmpty { return [] }
    return [".SH \(title)"] + items.flatMap { [".TP", ".B \(escape($0))", escape($1)] }
  }

  private static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").flatMap { paragraph -> [String] in
      let lines = paragraph.split(separator: "\n").map { escape(String($0)) }
      return paragraph.hasPrefix("  ") ? [".PP", ".nf"] + lines + [".fi"] : [".PP"] + lines
    }
  }

  private static func spelling(_ option: Declaration) -> String {
    HelpPage.spelling(option).split(separator: " ").joined(separator: " ")
  }

  private static func fileName(_ outline: Outline) -> String { outline.path.joined(separator: "-") }

  /// Backslashes, dashes that can be copied, and lines that would be read as requests.
  static func escape(_ text: String) -> String {
    let safe = text.replacing("\\", with: "\\e").replacing("\"", with: "\\(dq").replacing("-", with: "\\-").replacing(
      "…", with: "\\&...")
    return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
  }

  private static func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// Writes the page into a folder that is there.
  func write(into folder: String) throws {
    let path = folder + "/" + file
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Problem(
        .failed, "output-failed", "Cannot write '\(path)': \(String(cString: strerror(errno))).",
        remedy: "Name a folder that exists and can be written.")
    }
    defer { close(descriptor) }
    try DescriptorSink(descriptor: descriptor, name: "'\(path)'").write(text)
  }
}
