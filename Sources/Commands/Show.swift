import CommandLine
import Controller

/// `virtcloud show`.
struct Show: Command {
  static let about = About(
    "show", "Show an infrastructure's nodes: host, site, interfaces, addresses, networks, VLANs and state.")

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let view = try Controller(installation.installation()).show(name)
    try context.write(Table(view.rows, state: view.state(of:)), output)
  }
}
