import Quantities

extension Program {
  /// Tells a problem on standard error, as text or, if the words or the environment ask for JSON, as one object.
  func tell(_ problem: Problem, _ words: [String], _ environment: [String: String], _ console: Console) {
    let isJSON = Program.wantsJSON(words, environment["\(name.uppercased())_FORMAT"])
    console.message(isJSON ? problem.json + "\n" : problem.text(program: name, style: console.errorStyle))
  }

  /// Looks at the raw words, because what is wrong may be the command line itself.
  static func wantsJSON(_ words: [String], _ fallback: String?) -> Bool {
    var answer = fallback == "json"
    let own = words.prefix { $0 != "--" }
    for (index, word) in own.enumerated() {
      let following = index + 1 < own.count ? own[index + 1] : ""
      switch word {
      case "-f", "--format": answer = following == "json"
      case "-fjson", "--format=json": answer = true
      default: if word.hasPrefix("--format=") { answer = false }
      }
    }
    return answer
  }
}

extension Problem {
  /// What a person reads: `virtcloud: error: MESSAGE (CODE)`, where it is, and what to try.
  func text(program: String, style: Style) -> String {
    var lines = ["\(program): \(style.red("error:")) \(message) (\(code))"]
    if let location { lines.append("  at \(location)") }
    if !remedy.isEmpty { lines.append("  try: \(remedy)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as one JSON object.
  var json: String {
    let record = Record([
      .init("kind", nil, .string(kind.rawValue)), .init("code", nil, .string(code)),
      .init("message", nil, .string(message)), .init("remedy", nil, .string(remedy)),
      .init("location", nil, Cell(location)),
    ])
    return JSONWriter.text(.record(record))
  }
}
