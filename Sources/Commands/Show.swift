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
    // Of this machine, they are read here, and so as fresh as can be.
    let client = try cloud.access.counter(of: name)
    let here = client == nil ? try Controller(cloud.installation()).traffic(of: name) : nil
    let missing: [Name]?
    if rates {
      let page = try client?.rates(of: name) ?? Page(here.map(RateDocument.rows) ?? [])
      try context.write(Table(rates: page.items), output)
      missing = page.missing
    } else {
      let page = try client?.drops(of: name) ?? Page(here.map(DropDocument.rows) ?? [])
      try context.write(Table(drops: page.items), output)
      missing = page.missing
    }
    for host in missing ?? [] {
      context.say("nothing is known of what host \(host) has counted: its agent does not answer", output)
    }
  }
}
