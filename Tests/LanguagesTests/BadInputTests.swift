import Foundation
import Languages
import Quantities
import Testing

struct BadInputTests {
  private func answer(_ input: BadInput) -> Problem? {
    do {
      if input.isSubstrate { _ = try readSubstrate(input.text) } else { _ = try read(input.text) }
      return nil
    } catch {
      return error
    }
  }

  /// Each fault gets its own answer, word for word. `UPDATE_GOLDEN=1` writes the file anew.
  @Test func everyFaultIsAnsweredWordForWord() throws {
    let answers = BadInput.all.map { input in
      let problem = answer(input)
      return "\(input.title)\n  \(problem?.location ?? "no location"): \(problem?.message ?? "no problem")\n"
        + "  \(problem?.remedy ?? "") [\(problem?.code ?? "")]\n"
    }
    let text = answers.joined(separator: "\n")
    let path = "Tests/LanguagesTests/Golden/problems.txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(to: repository.appending(path: path), atomically: true, encoding: .utf8)
    }
    let golden = try String(decoding: bytes(of: path), as: UTF8.self)
    #expect(golden.components(separatedBy: "\n\n") == text.components(separatedBy: "\n\n"))
  }

  @Test(arguments: BadInput.all)
  func everyFaultHasAPlaceAndARemedy(input: BadInput) throws {
    let problem = try #require(answer(input))
    let location = try #require(problem.location).split(separator: ":")
    let lines = input.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(Int(location[1]))
    let column = try #require(Int(location[2]))
    #expect(location[0] == (input.isSubstrate ? "grid.substrate.yaml" : "lab.vc.yaml"))
    #expect((1...lines.count).contains(line) && column >= 1 && column <= lines[line - 1].unicodeScalars.count + 1)
    #expect(problem.kind == .invalid && problem.message.hasSuffix(".") && !problem.remedy.isEmpty)
    #expect(problem.message.count < 400 && !problem.message.contains("\n"))
  }

  @Test func textThatIsNotUTF8IsLocated() throws {
    let error = #expect(throws: Problem.self) {
      try InfrastructureReader.read(
        text: Array("name: lab\nnodes: ".utf8) + [0xe9, 0x0a], file: "latin1.vc.yaml", environment: [:])
    }
    #expect(error?.code == "not-utf8" && error?.location == "latin1.vc.yaml:2:8")
  }
}
