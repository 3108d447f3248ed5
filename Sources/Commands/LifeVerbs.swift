import Client
import CommandLine

/// `virtcloud retry`.
struct Retry: Command {
  static let about = About("retry", "Build again what failed.")

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    try asked.perform(
      .infrastructure(name, .retry), for: "build an infrastructure", context, done: "\(name) is built again")
  }
}

/// `virtcloud pause`.
struct Pause: Command {
  static let about = About(
    "pause", "Hold an infrastructure's machines still; they keep memory, addresses and lease.")

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    try asked.perform(.infrastructure(name, .pause), for: "pause an infrastructure", context, done: "\(name) is paused")
  }
}

/// `virtcloud resume`.
struct Resume: Command {
  static let about = About("resume", "Let an infrastructure's machines go on that were paused.")

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    try asked.perform(.infrastructure(name, .resume), for: "resume an infrastructure", context, done: "\(name) goes on")
  }
}

/// `virtcloud whoami`.
struct WhoAmI: Command {
  static let about = About("whoami", "Tell who the controller takes you for, and what you may do.")

  var asked = OperatorOptions()

  func run(_ context: Context) async throws {
    let identity = try asked.client().identity()
    try context.write(
      Record([
        .init("user", nil, .string(identity.user)), .init("groups", nil, Cell(identity.groups)),
        .init("role", nil, .string(identity.role)),
        .init("projects", nil, Cell(identity.projects.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })),
        .init("origin", nil, .string(identity.origin)),
      ]), asked.output)
  }
}
