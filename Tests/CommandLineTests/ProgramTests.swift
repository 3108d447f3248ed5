import Glibc
import Quantities
import Testing

@testable import CommandLine

@Suite struct ProgramTests {
  @Test func dataGoesToStandardOutput() async {
    let run = await Run("carry box -f csv")
    #expect(run.status == 0)
    #expect(run.out == "load,node,files,times,dry_run,rest\r\nbox,,,1,false,\r\n")
    #expect(run.error.isEmpty)
  }

  @Test func aProblemSaysWhatWhereAndWhatToDo() async {
    let run = await Run("carry box --owner nobody")
    #expect(run.status == 4)
    #expect(run.out.isEmpty)
    #expect(run.error == "cargo: error: There is no 'nobody'. (no-owner)\n  try: Name another.\n")
    let located = Problem(.invalid, "bad", "No.", remedy: "Yes.", location: "f:1:2")
    #expect(located.text(program: "cargo", style: .plain) == "cargo: error: No. (bad)\n  at f:1:2\n  try: Yes.\n")
  }

  @Test(arguments: [["-f", "json"], ["--format=json"], ["-fjson"]])
  func aProblemIsJSONWhereDataWouldBe(words: [String]) async {
    let run = await Run(["carry", "box", "--owner", "nobody"] + words)
    #expect(
      run.error == """
        {
          "kind": "notFound",
          "code": "no-owner",
          "message": "There is no 'nobody'.",
          "remedy": "Name another.",
          "location": null
        }

        """)
  }

  @Test func eachKindHasItsStatus() {
    let codes = [Problem.Kind.invalid, .refused, .notFound, .notPermitted, .failed].map { ExitStatus($0).code }
    #expect(codes == [2, 3, 4, 5, 1])
  }

  @Test func aVerbMayEndWithAStatusOfItsOwn() async {
    #expect(await Run("carry box -- 17").status == 17)
  }

  @Test func wrongVerbsAreNamedWithTheNearest() async {
    let run = await Run("cary box")
    #expect(run.status == 2)
    #expect(run.error == "cargo: error: 'cargo' has no verb 'cary'. (unknown-verb)\n  try: Did you mean 'carry'?\n")
    #expect(await Run("depot shwo").error.contains("'cargo depot' has no verb 'shwo'"))
    #expect(await Run("depot").error.contains("Say one of show."))
    #expect(await Run("--vresion").error.contains("Did you mean '--version'?"))
    #expect(await Run("depot show").out == "shown\n")
  }

  @Test func helpIsThereOnEveryLevel() async {
    let overview = await Run("--help").out
    #expect(await Run("").out == overview)
    #expect(await Run("help").out == overview)
    #expect(overview.contains("  carry       Carry things.\n"))
    let page = await Run("carry --help").out
    #expect(await Run("help carry").out == page)
    #expect(await Run("carry box -h").out == page)
    #expect(page.contains("  cargo carry [OPTIONS] LOAD [NODE] [-- CMD…]\n"))
    #expect(page.contains("  -f, --format FORMAT  how data is written (table, json, yaml, csv; default table)\n"))
    #expect(page.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 90 })
    #expect(await Run("depot --help").out.contains("  show  Show a depot.\n"))
    #expect(await Run("help depot show").out.hasPrefix("Show a depot.\n"))
    #expect(await Run("help depot x").status == 2)
    #expect(await Run("--version").out == "cargo 1.2\n")
  }

  @Test func aReaderThatGoesAwayIsNoError() async throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    signal(SIGPIPE, SIG_IGN)
    close(ends[0])
    let error = BufferSink()
    let console = Console(out: DescriptorSink(descriptor: ends[1], name: "pipe"), error: error)
    let status = await Run.program.run(["carry", "box"], [:], console)
    close(ends[1])
    #expect(status == .done)
    #expect(error.text.isEmpty)
  }

  @Test func aFullDiskBehindStandardOutputIsAnError() async throws {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    let error = BufferSink()
    let console = Console(out: DescriptorSink(descriptor: full, name: "standard output"), error: error)
    let status = await Run.program.run(["carry", "box"], [:], console)
    close(full)
    #expect(status == .failed)
    #expect(error.text.contains("Cannot write to standard output: No space left on device."))
  }
}
