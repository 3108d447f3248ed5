import API
import Client
import CommandLine
import Identity
import Infrastructure
import Quantities

/// `virtcloud project`.
struct ProjectVerbs: CommandGroup {
  static let about = About(
    "project", "Projects: who works in them, and how much they may have.",
    subcommands: [ListProjects.self, ShowProject.self, SetProject.self, RemoveProject.self])

  /// `virtcloud project list`.
  struct ListProjects: Command {
    static let about = About("list", "List projects with their members.")

    var asked = OperatorOptions()

    func run(_ context: Context) async throws { try context.write(Table(asked.client().projects()), asked.output) }
  }

  /// `virtcloud project show`.
  struct ShowProject: Command {
    static let about = About("show", "Show a project's members and quota.")

    @Argument("PROJECT", help: "the project") var name: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try context.write(Record(asked.client().project(name)), asked.output)
    }
  }

  /// `virtcloud project set`.
  struct SetProject: Command {
    static let about = About(
      "set", "Make a project, or change it: members, roles, quota.",
      discussion: """
        A member is USER or group:GROUP, and its role viewer, user, operator or administrator. What is not named stays \
        as it is.
        """,
      examples: [
        Example("virtcloud project set physics --member anna=user --cpu 64 --memory 256GiB", "A project with limits"),
        Example("virtcloud project set physics --without anna", "Without one member"),
      ])

    @Argument("PROJECT", help: "the project") var name: String
    @Option(value: "MEMBER=ROLE", help: "let somebody in, or give them another role") var member: [String] = []
    @Option(value: "MEMBER", help: "let somebody out") var without: [String] = []
    @Option(value: "COUNT", help: "infrastructures at once") var infrastructures: Int?
    @Option(value: "COUNT", help: "nodes at once") var nodes: Int?
    @Option(value: "CORES", help: "processor cores at once") var cpu: String?
    @Option(value: "BYTES", help: "memory at once") var memory: String?
    @Option(value: "BYTES", help: "storage at once") var storage: String?
    @Option(value: "RATE", help: "promised over core links at once") var rate: String?
    @Option(value: "TIME", help: "the longest lease") var lease: Span?
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      let client = try asked.client()
      var project = ProjectDocument(Project(name: try Name(parsing: name)))
      do { project = try client.project(name) } catch let problem as Problem where problem.kind == .notFound {}
      for text in member {
        let (who, role) = try Self.pair(text)
        project.members[who] = role
      }
      for text in without { project.members[try Member(parsing: text)] = nil }
      try limit(&project.quota)
      try client.put(project, as: name)
      context.say("project \(name) is set", asked.output)
    }

    private func limit(_ quota: inout Quota) throws {
      quota.infrastructures = infrastructures ?? quota.infrastructures
      quota.nodes = nodes ?? quota.nodes
      if let cpu { quota.cpu = try Cores(parsing: cpu) }
      if let memory { quota.memory = try ByteCount(parsing: memory) }
      if let storage { quota.storage = try ByteCount(parsing: storage) }
      if let rate { quota.coreRate = try Bitrate(parsing: rate) }
      if let lease { quota.longestLease = lease.duration }
    }

    private static func pair(_ text: String) throws -> (Member, Role) {
      guard let sign = text.lastIndex(of: "="), let role = Role(rawValue: String(text[sign...].dropFirst())) else {
        throw Problem(
          .invalid, "bad-member", "'\(text.prefix(80))' is not a member with a role.",
          remedy: "Write MEMBER=ROLE with one of: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return (try Member(parsing: String(text[..<sign])), role)
    }
  }

  /// `virtcloud project remove`.
  struct RemoveProject: Command {
    static let about = About("remove", "Take a project away that has nothing any more.")

    @Argument("PROJECT", help: "the project") var name: String
    var asked = OperatorOptions()

    func run(_ context: Context) async throws {
      try asked.client().removeProject(name)
      context.say("project \(name) is removed", asked.output)
    }
  }
}

extension Table {
  /// Projects, a line each.
  init(_ projects: [ProjectDocument]) {
    self.init([Column("name"), Column("members"), Column("quota")])
    for project in projects {
      append([Cell(project.name?.description), Cell(project.memberTexts), Cell(project.quota.texts)])
    }
  }
}

extension Record {
  /// One project.
  init(_ project: ProjectDocument) {
    self.init([
      .init("name", nil, Cell(project.name?.description)), .init("members", nil, Cell(project.memberTexts)),
      .init("quota", nil, Cell(project.quota.texts)),
    ])
  }
}

extension ProjectDocument {
  fileprivate var memberTexts: [String] { members.map { "\($0.key)=\($0.value.rawValue)" }.sorted() }
}

extension Quota {
  /// The limits that there are, as a person would write them.
  fileprivate var texts: [String] {
    let limits: [(String, String?)] = [
      ("infrastructures", infrastructures.map(String.init)), ("nodes", nodes.map(String.init)),
      ("cpu", cpu?.description), ("memory", memory?.description), ("storage", storage?.description),
      ("networks", networks.map(String.init)), ("vlans", vlans.map(String.init)), ("rate", coreRate?.description),
      ("lease", longestLease?.text), ("ahead", startsAhead?.text), ("offers", offers.map(String.init)),
    ]
    return limits.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }
}
