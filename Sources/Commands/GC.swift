import CommandLine
import Controller

/// `virtcloud gc`.
struct GC: Command {
  static let about = About("gc", "Remove whatever a crash left behind; touches nothing that is not VirtCloud's.")

  @Flag(help: "list what would be removed and change nothing") var dryRun: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "remove leftovers")
    let found = try Controller(installation.installation()).collectGarbage(
      dryRun: dryRun, waiting: context.waiting(output))
    var table = Table([Column("leftover")])
    for item in found { table.append([.string(item)]) }
    if !found.isEmpty || output.format != .table { try context.write(table, output) }
    context.say(
      found.isEmpty ? "nothing is left over" : dryRun ? "nothing was removed" : "all of it is removed", output)
  }
}
