import Foundation
import Testing

@testable import CommandLine

@Suite struct CompletionTests {
  private func words(_ line: String...) async throws -> [String] {
    try await Completer(program: Run.program).answer(line).words.map(\.word)
  }

  @Test func verbsAreOffered() async throws {
    #expect(try await words("") == ["carry", "depot", "completion", "help"])
    #expect(try await words("ca") == ["carry"])
    #expect(try await words("depot", "") == ["show"])
    #expect(try await words("help", "de") == ["depot"])
    #expect(try await words("completion", "") == ["bash", "zsh", "fish"])
    #expect(try await words("nonsense", "").isEmpty)
  }

  @Test func optionsAndTheirValuesAreOffered() async throws {
    #expect(try await words("carry", "--f") == ["--file", "--format"])
    #expect(try await words("carry", "-f", "") == ["table", "json", "yaml", "csv"])
    #expect(try await words("carry", "-qf", "j") == ["json"])
    #expect(try await words("carry", "--format=y") == ["--format=yaml"])
    let answer = try await Completer(program: Run.program).answer(["carry", "-t", ""])
    #expect(answer.text == ":files .vc.yaml\n")
  }

  @Test func namesAreAskedFromTheProgram() async throws {
    #expect(try await words("carry", "") == ["alpha", "beta"])
    #expect(try await words("carry", "-f", "json", "alpha", "") == ["alpha-node"])
    #expect(await Run(["completion", "words", "--", "carry", "b"]).out == "beta\n")
    let run = await Run(["completion", "words", "--", "depot", ""])
    #expect(run.out == "show\tShow a depot.\n")
  }

  @Test(arguments: [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
  func scriptsAreWellFormed(shell: String, flags: [String]) async throws {
    guard let path = Tool.path(shell) else { return }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("completion-\(UUID()).\(shell)")
    defer { try? FileManager.default.removeItem(at: file) }
    try await Run(["completion", shell]).out.write(to: file, atomically: true, encoding: .utf8)
    let result = try Tool.run(path, flags + [file.path])
    #expect(result.status == 0, "\(result.text)")
    #expect(result.text.isEmpty)
  }

  @Test func bashAsksTheProgram() async throws {
    let script = await Run("completion bash").out
    let fake = """
      cargo() { printf 'asked:%s\\n' "$*" >&2; printf -- '--format=json\\thow\\n'; }
      \(script.replacing("2>/dev/null", with: ""))
      COMP_WORDS=(cargo carry --format = js); COMP_CWORD=4; _cargo; echo "<${COMPREPLY[*]}>"
      """
    let result = try Tool.run(try #require(Tool.path("bash")), ["-c", fake])
    #expect(result.text.contains("asked:completion words -- carry --format=js\n"))
    #expect(result.text.contains("<json>"))
  }

  @Test func manualPagesAreWellFormed() async throws {
    let pages = ManualPage.all(of: Run.program)
    #expect(pages.map(\.file).prefix(4) == ["cargo.1", "cargo-carry.1", "cargo-depot.1", "cargo-depot-show.1"])
    guard let groff = Tool.path("groff") else { return }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("manual-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(await Run(["completion", "manual", folder.path]).status == 0)
    for page in pages {
      let path = folder.appendingPathComponent(page.file).path
      let check = try Tool.run(groff, ["-man", "-Tutf8", "-ww", "-z", path])
      #expect(check.text.isEmpty, "\(page.file): \(check.text)")
    }
  }
}

/// Programs of the machine that judge what we generate.
enum Tool {
  static func path(_ name: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs to the end; standard output and standard error together.
  static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
