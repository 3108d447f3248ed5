import CommandLine
import Controller
import Quantities

/// `virtcloud down`.
struct Down: Command {
  static let about = About(
    "down", "End infrastructures and leave nothing of them; those that are not there are no error.",
    examples: [
      Example("virtcloud down mpi-lab", "End one"), Example("virtcloud down --all --yes", "End all of them"),
    ])

  @Argument("NAME", help: "infrastructures to end", completion: .infrastructure) var names: [String] = []
  @Flag(help: "end all of them") var all: Bool
  @Flag(help: "say what would be ended and change nothing") var dryRun: Bool
  @Flag(short: "y", help: "do not ask") var yes: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "end an infrastructure")
    let wanted = try all ? nil : named()
    let place = try installation.installation()
    if place.isEmpty { return (names.forEach { context.say("\($0) is not up", output) }) }
    let controller = try Controller(place)
    let present = try controller.list().map(\.record.name)
    let ending = present.filter { wanted?.contains($0) ?? true }
    if dryRun { return ending.forEach { context.say("\($0) would end", output) } }
    if !ending.isEmpty, !yes {
      try Confirmation.ask("End \(ending.map(\.description).joined(separator: ", "))?", context)
    }
    let progress = context.progress(output)
    defer { progress.finish() }
    let (ended, absent) = try controller.down(
      wanted, waiting: context.waiting(output), progress: context.steps(to: progress))
    progress.finish()
    for name in ended { context.say("\(name) is down", output) }
    for name in absent { context.say("\(name) is not up", output) }
  }

  /// The names given; what can be no name cannot be up either.
  private func named() throws -> [Name] {
    guard !names.isEmpty else {
      throw Problem(
        .invalid, "no-name", "No infrastructure was named.", remedy: "Name one, or end all of them with --all.")
    }
    return try names.map { text in
      guard let name = Name(text) else {
        throw Problem(
          .invalid, "bad-name", "'\(text)' cannot be the name of an infrastructure.",
          remedy: "'virtcloud list' shows those that are up.")
      }
      return name
    }
  }
}
