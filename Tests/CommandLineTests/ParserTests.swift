import Testing

@testable import CommandLine
@testable import Quantities

@Suite struct ParserTests {
  private func parsed(_ line: String, _ environment: [String: String] = [:]) throws -> Carry {
    let command = Carry()
    var parser = Parser(
      command, Outline(Carry.self, under: ["cargo"]), program: "cargo", environment: environment)
    try parser.parse(line.split(separator: " ").map(String.init))
    return command
  }

  private func problem(_ line: String, _ environment: [String: String] = [:]) -> Problem? {
    #expect(throws: Problem.self) { try parsed(line, environment) }
  }

  @Test func defaultsStandWhereNothingIsGiven() throws {
    let carry = try parsed("box")
    #expect(carry.load == "box")
    #expect(carry.node == nil)
    #expect(carry.files.isEmpty)
    #expect(carry.times == 1)
    #expect(carry.owner == nil)
    #expect(!carry.dryRun)
    #expect(carry.output.format == .table)
  }

  @Test(arguments: [
    "box --times=3 -t a -tb --file c -nq -f json", "-n -q -fjson --file=a --file b -t=c --times 3 box",
    "-nqfjson box -t a -t b -t c --times 3",
  ])
  func everySpellingIsRead(line: String) throws {
    let carry = try parsed(line)
    #expect(carry.load == "box")
    #expect(carry.files == ["a", "b", "c"])
    #expect(carry.times == 3)
    #expect(carry.dryRun)
    #expect(carry.output.quiet)
    #expect(carry.output.format == .json)
  }

  @Test func whatStandsAfterDashesIsLeftAlone() throws {
    let carry = try parsed("box n1 -- ls -l --help -- x")
    #expect(carry.node == "n1")
    #expect(carry.rest == ["ls", "-l", "--help", "--", "x"])
  }

  @Test func theEnvironmentStandsInAndTheCommandLineWins() throws {
    let environment = [
      "CARGO_TIMES": "7", "CARGO_DRY_RUN": "yes", "CARGO_FILE": "a,b", "CARGO_FORMAT": "yaml", "CARGO_OWNER": "",
    ]
    let carry = try parsed("box --times 2", environment)
    #expect(carry.times == 2)
    #expect(carry.dryRun)
    #expect(carry.files == ["a", "b"])
    #expect(carry.output.format == .yaml)
    #expect(carry.owner == nil)
    #expect(problem("box", ["CARGO_TIMES": "x"])?.message == "CARGO_TIMES: 'x' is not a whole number.")
    #expect(problem("box", ["CARGO_DRY_RUN": "maybe"])?.code == "bad-value")
  }

  @Test(arguments: [
    ("box --tmies 3", "unknown-option", "Did you mean '--times'?"),
    ("box -z", "unknown-option", "Run 'cargo carry --help' for the options."),
    ("box --times", "missing-value", "Write '--times N'."),
    ("box --owner -- x", "missing-value", "Write '--owner NAME'."),
    ("box --dry-run=yes", "unwanted-value", "Write '--dry-run' alone."),
    ("box --times 1 --times 2", "repeated-option", "Give it once."),
    ("box -f jsno", "bad-value", "Did you mean 'json'?"),
    ("box --times 1e9", "bad-value", "Write digits only, such as 10."),
    ("", "missing-argument", "Write 'cargo carry [OPTIONS] LOAD [NODE] [-- CMD…]'."),
    ("a b c", "extra-argument", "Write 'cargo carry [OPTIONS] LOAD [NODE] [-- CMD…]'."),
  ])
  func mistakesAreNamedWithTheirRemedy(line: String, code: String, remedy: String) {
    let found = problem(line)
    #expect(found?.kind == .invalid)
    #expect(found?.code == code)
    #expect(found?.remedy == remedy)
  }

  @Test func theNearestNameIsFound() {
    #expect(Nearest.name(to: "shwo", among: ["up", "show", "down"]) == "show")
    #expect(Nearest.name(to: "pu", among: ["up", "show"]) == "up")
    #expect(Nearest.name(to: "xyz", among: ["up", "show"]) == nil)
    #expect(Nearest.name(to: "sub", among: ["substrate"]) == "substrate")
    #expect(Nearest.distance(Array("ca"), Array("abc")) == 3)
  }
}
