import API
import Client
import CommandLine
import Quantities

/// `virtcloud operation`.
struct OperationVerbs: CommandGroup {
  static let about = About(
    "operation", "Long work that was ordered: what goes on, what failed and why.",
    subcommands: [ListOperations.self, ShowOperation.self])

  /// `virtcloud operation list`.
  struct ListOperations: Command {
    static let about = About("list", "List operations; those that ended are kept for a day.")

    @Flag(help: "only those that go on") var running: Bool
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try context.write(Table(asked.client().operations(running ? .running : nil)), asked.output)
    }
  }

  /// `virtcloud operation show`.
  struct ShowOperation: Command {
    static let about = About("show", "Show one operation.")

    @Argument("ID", help: "the operation") var id: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      let operation = try asked.client().operation(id)
      try context.write(Record(operation), asked.output)
      for warning in operation.warnings { context.say("also: \(warning.detail) (\(warning.code))", asked.output) }
      for result in operation.results { context.say(result, asked.output) }
    }
  }
}

extension Table {
  /// Operations, a line each.
  init(_ operations: [OperationDocument]) {
    self.init([
      Column("id"), Column("kind"), Column("target"), Column("user"), Column("state"), Column("created"),
      Column("finished"), Column("cause"),
    ])
    for operation in operations {
      append([
        .string(operation.id), .string(operation.kind), .string(operation.target), .string(operation.user),
        "\(operation.state.rawValue)", "\(operation.created)", Cell(operation.finished?.description),
        Cell(operation.problem?.detail),
      ])
    }
  }
}

extension Record {
  /// One operation.
  init(_ operation: OperationDocument) {
    let total = operation.progress.total.map { " of \($0)" } ?? ""
    self.init([
      .init("id", nil, .string(operation.id)), .init("kind", nil, .string(operation.kind)),
      .init("target", nil, .string(operation.target)), .init("user", nil, .string(operation.user)),
      .init("state", nil, "\(operation.state.rawValue)"), .init("created", nil, "\(operation.created)"),
      .init("finished", nil, Cell(operation.finished?.description)),
      .init("progress", nil, "\(operation.progress.title): \(operation.progress.done)\(total)"),
      .init("code", nil, Cell(operation.problem?.code)), .init("cause", nil, Cell(operation.problem?.detail)),
      .init("remedy", nil, Cell(operation.problem?.remedy)),
    ])
  }
}
