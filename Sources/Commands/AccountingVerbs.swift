import API
import Client
import CommandLine
import Quantities

/// `virtcloud usage`.
struct UsageVerb: Command {
  static let about = About(
    "usage", "Show what users or projects took, and what it costs.",
    examples: [Example("virtcloud usage --by project --from 2026-11-01T00:00:00Z", "By project, this month")])

  enum Subject: String, ArgumentValue, CaseIterable { case user, project }

  @Option(value: "WHOM", help: "whose") var by: Subject = .user
  @Option(value: "TIME", help: "from this moment on: RFC 3339") var from: Moment?
  @Option(value: "TIME", help: "until this moment: RFC 3339") var until: Moment?
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    let rows = try asked.client().usage(by: by.rawValue, from: from?.time, until: until?.time)
    var table = Table([
      Column(by.rawValue), Column("infrastructures"), Column("core_hours"), Column("gibibyte_hours"),
      Column("promised_gigabits"), Column("cost"),
    ])
    for row in rows {
      table.append([
        Cell(row.name), .int(row.infrastructures), .double(row.coreHours), .double(row.gibibyteHours),
        .double(row.promisedGigabits), .double(row.cost),
      ])
    }
    try context.write(table, asked.output)
  }
}

/// `virtcloud audit`.
struct AuditVerb: Command {
  static let about = About("audit", "Show who did what, when, from where, and what came of it.")

  @Option(value: "TIME", help: "only lines that come after this one: what was done before this time") var after: String?
  @Option(value: "COUNT", help: "so many lines at most") var limit: Int = 1000
  @Option(value: "USER", help: "only of this user") var user: String?
  @Option(value: "OPERATION", help: "only this operation, such as buildInfrastructure") var action: String?
  @Option(value: "OUTCOME", help: "only what ended so: done, failed, or a problem's code") var outcome: String?
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    let lines = try asked.client().audit(after: after, limit: limit, user: user, action: action, outcome: outcome)
    var table = Table([
      Column("time"), Column("user"), Column("origin"), Column("address"), Column("action"), Column("object"),
      Column("outcome"),
    ])
    for line in lines {
      table.append([
        "\(line.time)", .string(line.user), .string(line.origin), .string(line.address), .string(line.action),
        Cell(line.object), .string(line.outcome),
      ])
    }
    try context.write(table, asked.output)
  }
}
