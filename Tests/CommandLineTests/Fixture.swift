import Quantities

@testable import CommandLine

/// A verb with one parameter of every kind.
struct Carry: Command {
  static let about = About(
    "carry", "Carry things.", discussion: "It carries.\n\n  as it stands",
    examples: [Example("cargo carry a -- b", "carry \"a\"")])

  @Argument(help: "what to carry", completion: .infrastructure) var load: String
  @Argument(help: "which node", completion: .node) var node: String?
  @Option("file", short: "t", value: "FILE", help: "files", completion: .file(suffixes: [".vc.yaml"]))
  var files: [String]
  @Option(value: "N", help: "how often") var times: Int = 1
  @Option(value: "NAME", help: "who") var owner: String?
  @Flag(short: "n", help: "only say what would be done") var dryRun: Bool
  @Passthrough(help: "command", isRequired: false) var rest: [String]
  var output = OutputOptions()

  func run(_ context: Context) throws {
    if owner == "nobody" { throw Problem(.notFound, "no-owner", "There is no 'nobody'.", remedy: "Name another.") }
    if let code = rest.first.flatMap({ Int32($0) }) { throw ExitStatus(code) }
    var record = Record([.init("load", nil, .string(load)), .init("node", nil, Cell(node))])
    record.fields += [
      .init("files", nil, Cell(files)), .init("times", nil, .int(times)), .init("dry_run", nil, .bool(dryRun)),
      .init("rest", nil, Cell(rest)),
    ]
    try context.write(record, output)
  }
}

/// A verb with verbs.
struct Depot: CommandGroup {
  static let about = About("depot", "Manage depots.", subcommands: [DepotShow.self])
}

struct DepotShow: Command {
  static let about = About("show", "Show a depot.")

  func run(_ context: Context) throws { try context.write("shown\n") }
}

/// Runs words of the program `cargo` and keeps what comes out.
struct Run {
  let status: Int32
  let out: String
  let error: String

  static let program = Program(
    name: "cargo", version: "1.2", summary: "Carries cargo.",
    commands: [Carry.self, Depot.self, CompletionCommand.self],
    names: { kind, words in kind == .infrastructure ? ["alpha", "beta"] : words.map { $0 + "-node" } })

  init(_ words: [String], _ environment: [String: String] = [:], style: Style = .plain) async {
    let out = BufferSink()
    let error = BufferSink()
    let console = Console(out: out, error: error, outStyle: style, errorStyle: style)
    status = await Run.program.run(words, environment, console).code
    self.out = out.text
    self.error = error.text
  }

  init(_ line: String, _ environment: [String: String] = [:]) async {
    await self.init(line.split(separator: " ").map(String.init), environment)
  }
}
