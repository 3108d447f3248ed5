import API
import Client
import CommandLine
import Infrastructure
import Quantities

/// `virtcloud host`.
struct HostVerbs: CommandGroup {
  static let about = About(
    "host", "The hosts: how they are, which take new nodes, and how new ones come in.",
    subcommands: [ListHosts.self, ShowHost.self, Cordon.self, Uncordon.self, Drain.self, Enrol.self])

  /// `virtcloud host list`.
  struct ListHosts: Command {
    static let about = About("list", "List hosts with their state, their agent and what is free.")

    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let hosts = try (cloud.reader() as? CloudClient)?.hosts() ?? cloud.reader().substrate().hosts
      try context.write(Table(standingsOf: hosts), output)
    }
  }

  /// `virtcloud host show`.
  struct ShowHost: Command {
    static let about = About("show", "Show one host.")

    @Argument("HOST", help: "the host", completion: .dynamic("host")) var name: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try context.write(Record(try asked.client().host(name)), asked.output)
    }
  }

  /// `virtcloud host cordon`.
  struct Cordon: Command {
    static let about = About("cordon", "Let a host take no new nodes; those that are there stay.")

    @Argument("HOST", help: "the host", completion: .dynamic("host")) var name: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try asked.perform(
        .host(name, .cordon), for: "cordon a host", context, done: "host \(name) takes no new nodes")
    }
  }

  /// `virtcloud host uncordon`.
  struct Uncordon: Command {
    static let about = About("uncordon", "Let a host take nodes again.")

    @Argument("HOST", help: "the host", completion: .dynamic("host")) var name: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try asked.perform(.host(name, .uncordon), for: "uncordon a host", context, done: "host \(name) takes nodes")
    }
  }

  /// `virtcloud host drain`.
  struct Drain: Command {
    static let about = About(
      "drain", "Let a host take no new nodes, and move away those that can be moved.",
      examples: [Example("virtcloud host drain brno-1", "Before a host is taken out of service")])

    @Argument("HOST", help: "the host", completion: .dynamic("host")) var name: String
    @Flag(short: "y", help: "do not ask") var yes: Bool
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      if !yes { try Confirmation.ask("Move the nodes of \(name) away?", context) }
      try asked.perform(.host(name, .drain), for: "drain a host", context, done: "host \(name) is drained")
    }
  }

  /// `virtcloud host enrol`.
  struct Enrol: Command {
    static let about = About(
      "enrol", "Let a new host in: print a one-time token, and the command to run there.",
      examples: [Example("virtcloud host enrol brno-2", "A token that is good for an hour")])

    @Argument("HOST", help: "the host's name in the substrate", completion: .dynamic("host")) var name: String
    @Option(value: "TIME", help: "how long the token is good for") var lifetime: Span?
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      let client = try asked.client()
      let grant = try client.enrol(EnrolmentOrder(host: Name(parsing: name), lifetime: lifetime?.duration.text))
      guard asked.output.format == .table else {
        return try context.write(
          Record([
            .init("host", nil, "\(grant.host)"), .init("token", nil, .string(grant.token)),
            .init("expires", nil, "\(grant.expires)"), .init("fingerprint", nil, .string(grant.fingerprint)),
          ]), asked.output)
      }
      let controller = client.endpoints.first { !$0.description.hasPrefix("unix:") }?.description ?? "https://HOST:7743"
      try context.write(
        "virtcloud agent --controller \(controller) --name \(grant.host) --token \(grant.token) "
          + "--fingerprint \(grant.fingerprint)\n")
      context.say("run this on \(grant.host) before \(grant.expires); the token is good once", asked.output)
    }
  }
}

extension Table {
  /// How hosts are.
  init(standingsOf hosts: [HostDocument]) {
    self.init([
      Column("host"), Column("site"), Column("kind"), Column("state"), Column("agent"), Column("silence"),
      Column("address", isWide: true), Column("cpu_free"), Column("memory_free"), Column("uplink_free"),
    ])
    for host in hosts {
      append([
        "\(host.name)", "\(host.site)", "\(host.kind.rawValue)", "\(host.state.rawValue)",
        Cell(host.agent?.version), host.agent?.silence.map(Cell.double) ?? .null, Cell(host.agent?.address),
        "\(host.cpuFree)", "\(host.memoryFree)", Cell(host.uplinkFree?.description),
      ])
    }
  }
}

extension Record {
  /// One host.
  init(_ host: HostDocument) {
    self.init([
      .init("host", nil, "\(host.name)"), .init("site", nil, "\(host.site)"),
      .init("kind", nil, "\(host.kind.rawValue)"), .init("state", nil, "\(host.state.rawValue)"),
      .init("cpu", nil, "\(host.cpu)"), .init("cpu_free", nil, "\(host.cpuFree)"),
      .init("memory", nil, "\(host.memory)"), .init("memory_free", nil, "\(host.memoryFree)"),
      .init("uplink", nil, Cell(host.uplink?.description)),
      .init("uplink_free", nil, Cell(host.uplinkFree?.description)),
      .init("agent", nil, Cell(host.agent?.version)), .init("address", nil, Cell(host.agent?.address)),
      .init("silence", nil, host.agent?.silence.map(Cell.double) ?? .null),
      .init("given", nil, host.agent.map { .int(Int(clamping: $0.given)) } ?? .null),
      .init("applied", nil, host.agent.map { .int(Int(clamping: $0.applied)) } ?? .null),
    ])
  }
}
