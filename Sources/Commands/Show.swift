import API
import Client
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
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    guard rates || drops else {
      return try context.write(Table(cloud.reader().infrastructure(name).nodes), output)
    }
    guard !(rates && drops) else {
      throw Problem(
        .invalid, "two-tables", "'--rates' and '--drops' are two tables.", remedy: "Ask for one at a time.")
    }
    try context.write(rates ? Table(rates: try rateRows()) : Table(drops: try dropRows()), output)
  }

  /// Of this machine, they are read here, and so as fresh as can be.
  private func rateRows() throws -> [RateDocument] {
    if cloud.access.isRemote { return try client().rates(of: name) }
    return RateDocument.rows(of: try traffic())
  }

  private func dropRows() throws -> [DropDocument] {
    if cloud.access.isRemote { return try client().drops(of: name) }
    return DropDocument.rows(of: try traffic())
  }

  private func client() throws -> CloudClient { try cloud.access.client(for: "read counters", autostart: false) }

  private func traffic() throws -> TrafficView {
    try Installation.requireRoot(for: "read counters")
    return try Controller(cloud.installation()).traffic(of: name)
  }
}
