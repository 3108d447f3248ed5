import API
import CommandLine
import Embedding
import Infrastructure
import Pictures
import Quantities

/// `virtcloud calendar`.
struct Calendar: Command {
  static let about = About(
    "calendar", "Show what is reserved when: of hosts, links and sites.",
    discussion: """
      Without a choice it shows the processor of every host and every core link. Counter-offers that are held stand \
      there, too, until they are taken or lapse.
      """,
    examples: [
      Example("virtcloud calendar", "Everything that is booked"),
      Example("virtcloud calendar --host brno-1 -f json", "All resources of one host"),
      Example("virtcloud calendar --site brno -o week.svg --until +7d", "A Gantt chart of a site's next week"),
    ])

  @Option(value: "SITE", help: "only this site: its hosts, its links and its VLANs") var site: [String] = []
  @Option(value: "HOST", help: "only this host, all of its resources") var host: [String] = []
  @Option(value: "SITE-SITE", help: "only the core link between these two sites") var link: [String] = []
  @Option(value: "TIME", help: "leave out what ends before: RFC 3339 or '+2h' from now") var from: Moment?
  @Option(value: "TIME", help: "leave out what starts after: RFC 3339 or '+7d' from now") var until: Moment?
  @Option(
    short: "o", value: "FILE", help: "draw a Gantt chart instead, as .svg or .png",
    completion: .file(suffixes: [".svg", ".png"]))
  var picture: String?
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    if let from, let until, from.time >= until.time {
      throw Problem(.invalid, "times-order", "--from is not before --until.", remedy: "Swap them.")
    }
    let reader = try cloud.reader()
    let substrate = try reader.substrateModel()
    let choice = try CalendarChoice(substrate, sites: site, hosts: host, links: link)
    let wanted = choice.names
    let bookings = try reader.calendar().filter {
      wanted.contains($0.resource) && $0.end ?? .distantFuture > from?.time ?? Timestamp(seconds: .min)
        && $0.start < until?.time ?? .distantFuture
    }
    guard let picture else { return try context.write(Table(bookings, now: .now), output) }
    let format = try PictureFormat(file: picture)
    let chart = CalendarChart.chart(of: bookings, on: substrate.name, until: until?.time, now: .now)
    try PictureFile.write(try chart.render(format: format), to: picture)
    context.say("drew \(bookings.count) bookings into \(picture)", output)
  }
}

/// Which resources somebody wants to see.
struct CalendarChoice {
  private let substrate: Substrate
  private var hosts: Set<Int> = []
  private var links: Set<Int> = []
  private var sites: Set<Int> = []
  private let isEverything: Bool

  init(_ substrate: Substrate, sites: [String], hosts: [String], links: [String]) throws(Problem) {
    self.substrate = substrate
    isEverything = sites.isEmpty && hosts.isEmpty && links.isEmpty
    for text in sites {
      let site = try Self.position(text, "site", substrate.sites.map(\.name.description))
      self.sites.insert(site)
      let name = substrate.sites[site].name
      self.hosts.formUnion(substrate.hosts.indices.filter { substrate.hosts[$0].site == name })
      self.links.formUnion(
        substrate.links.indices.filter {
          [substrate.links[$0].ends.first, substrate.links[$0].ends.second].contains(name)
        })
    }
    for text in hosts { self.hosts.insert(try Self.position(text, "host", substrate.hosts.map(\.name.description))) }
    for text in links {
      let names = substrate.links.map { "\($0.ends.first)-\($0.ends.second)" }
      let turned = substrate.links.firstIndex { "\($0.ends.second)-\($0.ends.first)" == text }
      if let turned {
        self.links.insert(turned)
      } else {
        self.links.insert(try Self.position(text, "core link", names))
      }
    }
  }

  private static func position(_ text: String, _ kind: String, _ names: [String]) throws(Problem) -> Int {
    if let position = names.firstIndex(of: text) { return position }
    let nearest = Nearest.name(to: text, among: names)
    throw Problem(
      .notFound, "unknown-\(kind.split(separator: " ").last ?? "")", "There is no \(kind) '\(text)' in the substrate.",
      remedy: nearest.map { "Did you mean \($0)?" } ?? "There are: \(names.prefix(20).joined(separator: ", ")).")
  }

  /// What the wanted resources are called.
  var names: Set<String> {
    let numbers = ResourceNumbers(substrate)
    return Set((0..<numbers.count).map(numbers.resource).filter(contains).map(substrate.name(of:)))
  }

  func contains(_ resource: Resource) -> Bool {
    switch resource {
    case .cpu(let host): isEverything || hosts.contains(host)
    case .memory(let host), .storage(let host), .slots(let host), .uplink(let host, _): hosts.contains(host)
    case .tenancy: false
    case .link(let link, _): isEverything || links.contains(link)
    case .vlans(let site): sites.contains(site)
    }
  }
}

extension Table {
  /// One line a booking.
  init(_ bookings: [BookingDocument], now: Timestamp) {
    self.init([
      Column("resource"), Column("holder"), Column("state"), Column("start"), Column("end"), Column("amount"),
      Column("capacity"),
    ])
    for booking in bookings {
      let state = booking.isOffer ? "offered" : booking.start > now ? "reserved" : "held"
      append([
        .string(booking.resource), "\(booking.holder)", .string(state), "\(booking.start)",
        "\(booking.end ?? .distantFuture)", .string(booking.amount), Cell(booking.capacity),
      ])
    }
  }
}
