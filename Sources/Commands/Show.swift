import CommandLine
import Controller
import Quantities

/// `virtcloud show`.
struct Show: Command {
  static let about = About(
    "show", "Show an infrastructure's nodes: host, site, interfaces, addresses, networks, VLANs and state.",
    discussion: """
      With --rates: what each network is promised and allowed, and what its ends have sent over the last second and \
      minute, in octets of Ethernet frames without preamble, tag and checksum. With --drops: which frames were \
      dropped, where and why.
      """,
    examples: [
      Example("virtcloud show lab", "Who is where"),
      Example("virtcloud show lab --rates", "What flows"),
      Example("virtcloud show lab --drops -f json", "What was dropped, for a program"),
    ])

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Flag(help: "show promised, allowed and measured rates") var rates: Bool
  @Flag(help: "show what was dropped and why") var drops: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let controller = try Controller(installation.installation())
    guard rates || drops else {
      let view = try controller.show(name)
      return try context.write(Table(view.rows, state: view.state(of:)), output)
    }
    guard !(rates && drops) else {
      throw Problem(
        .invalid, "two-tables", "'--rates' and '--drops' are two tables.", remedy: "Ask for one at a time.")
    }
    try Installation.requireRoot(for: "read counters")
    let traffic = try controller.traffic(of: name)
    try context.write(rates ? Table(rates: traffic) : Table(drops: traffic), output)
  }
}
