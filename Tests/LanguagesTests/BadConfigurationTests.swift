import Foundation
import Quantities
import Testing

struct BadConfigurationTests {
  /// Each fault gets its own answer, word for word. `UPDATE_GOLDEN=1` writes the file anew.
  @Test func everyFaultIsAnsweredWordForWord() throws {
    let answers = BadConfiguration.all.map { input in
      let problem = input.answer
      return "\(input.title)\n  \(problem?.location ?? "no location"): \(problem?.message ?? "no problem")\n"
        + "  \(problem?.remedy ?? "") [\(problem?.code ?? "")]\n"
    }
    let text = answers.joined(separator: "\n")
    let path = "Tests/LanguagesTests/Golden/configurations.txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(to: repository.appending(path: path), atomically: true, encoding: .utf8)
    }
    let golden = try String(decoding: bytes(of: path), as: UTF8.self)
    #expect(golden.components(separatedBy: "\n\n") == text.components(separatedBy: "\n\n"))
  }

  @Test(arguments: BadConfiguration.all)
  func everyFaultHasAPlaceAndARemedy(input: BadConfiguration) throws {
    let problem = try #require(input.answer)
    let location = try #require(problem.location).split(separator: ":")
    let lines = input.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(Int(location[1]))
    let column = try #require(Int(location[2]))
    #expect(location[0] == input.file && (1...lines.count).contains(line))
    #expect(column >= 1 && column <= lines[line - 1].unicodeScalars.count + 1)
    #expect(problem.kind == .invalid && problem.message.hasSuffix(".") && !problem.remedy.isEmpty)
    #expect(problem.message.count < 400 && !problem.message.contains("\n"))
  }
}
