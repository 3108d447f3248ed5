import Client
import CommandLine
import Controller

/// `virtcloud gc`.
struct GC: Command {
  static let about = About("gc", "Remove whatever a crash left behind; touches nothing that is not VirtCloud's.")

  @Flag(help: "list what would be removed and change nothing") var dryRun: Bool
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let client = try cloud.client(for: "remove leftovers", context, output)
    let found = try client.perform(.collectGarbage(dryRun: dryRun), showing: context.progress(output)).results
    var table = Table([Column("leftover")])
    for item in found { table.append([.string(item)]) }
    if !found.isEmpty || output.format != .table { try context.write(table, output) }
    context.say(
      found.isEmpty ? "nothing is left over" : dryRun ? "nothing was removed" : "all of it is removed", output)
  }
}
