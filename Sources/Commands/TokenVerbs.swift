import API
import Client
import CommandLine
import Identity
import Quantities

/// `virtcloud token`.
struct TokenVerbs: CommandGroup {
  static let about = About(
    "token", "Bearer tokens, by which programs and browsers come in.",
    subcommands: [Create.self, ListTokens.self, Revoke.self])

  /// `virtcloud token create`.
  struct Create: Command {
    static let about = About(
      "create", "Issue a token that can do what you can, or less; it is shown once.",
      examples: [
        Example("virtcloud token create --scope read --lifetime 90d --label monitoring", "For a program that looks")
      ])

    @Option(value: "TEXT", help: "what it is for") var label: String?
    @Option(value: "SCOPE", help: "what it is good for (default: write)") var scope: Scope?
    @Option(value: "TIME", help: "how long it is good for (default: 30d)") var lifetime: Span?
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      let token = try asked.client().createToken(
        TokenRequest(label: label, scope: scope, lifetime: lifetime?.duration.text))
      if asked.output.format == .table {
        try context.write((token.secret ?? "") + "\n")
        context.say("token \(token.id) is good until \(token.expires); it is not shown again", asked.output)
      } else {
        try context.write(Record(token), asked.output)
      }
    }
  }

  /// `virtcloud token list`.
  struct ListTokens: Command {
    static let about = About("list", "List your tokens, without the tokens themselves.")

    var asked = OperatorOptions()

    func run(_ context: Context) async throws { try context.write(Table(asked.client().tokens()), asked.output) }
  }

  /// `virtcloud token revoke`.
  struct Revoke: Command {
    static let about = About("revoke", "Make tokens worthless at once.")

    @Argument("ID", help: "tokens, as 'virtcloud token list' calls them", isRequired: true) var ids: [String]
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      let client = try asked.client()
      for id in ids {
        try client.revokeToken(id)
        context.say("token \(id) is revoked", asked.output)
      }
    }
  }
}

extension Scope: ArgumentValue {}

extension Table {
  /// Tokens, a line each.
  init(_ tokens: [TokenDocument]) {
    self.init([
      Column("id"), Column("label"), Column("owner"), Column("scopes"), Column("created"), Column("expires"),
    ])
    for token in tokens {
      append([
        .string(token.id), .string(token.label), .string(token.owner), Cell(token.scopes.map(\.rawValue)),
        "\(token.created)", "\(token.expires)",
      ])
    }
  }
}

extension Record {
  /// A token that was just issued.
  init(_ token: TokenDocument) {
    self.init([
      .init("id", nil, .string(token.id)), .init("token", nil, Cell(token.secret)),
      .init("label", nil, .string(token.label)), .init("scopes", nil, Cell(token.scopes.map(\.rawValue))),
      .init("expires", nil, "\(token.expires)"),
    ])
  }
}
