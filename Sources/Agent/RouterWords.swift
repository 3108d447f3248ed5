import Machines

/// What a program in a router said, made fit for a sentence: a guest may say anything, at any length.
enum RouterWords {
  private static let limit = 400

  /// The first lines that say something, joined by semicolons, without what could move a terminal's cursor; the
  /// names of files are those that their users know.
  static func excerpt(_ answer: MachineAnswer) -> String {
    let lines = answer.output.split(separator: "\n").prefix(64).map { line in
      let printable = plain(line).unicodeScalars.prefix(limit).map {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format ? " " : Character($0)
      }
      return String(printable).replacing(".conf.new", with: ".conf").trimmed
    }
    let said = lines.filter { $0.contains { $0.isLetter } && !$0.contains("frr-reload.py failed due to") }.prefix(3)
      .joined(separator: "; ")
    let whole = said.isEmpty ? "it ended with status \(answer.status)" : said
    let short = whole.count > limit ? String(whole.prefix(limit)) + "…" : whole
    return short.hasSuffix(".") ? String(short.dropLast()) : short
  }

  /// Without a terminal's sequences for colours (ECMA-48, section 8.3.117).
  private static func plain(_ line: Substring) -> String {
    var result = ""
    var rest = line
    while let start = rest.firstIndex(of: "\u{1b}") {
      result += rest[..<start]
      rest = rest[start...].drop { $0 != "m" }.dropFirst()
    }
    return result + rest
  }
}

extension String {
  fileprivate var trimmed: String {
    var rest = Substring(self)
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
