import API
import Client
import CommandLine
import Infrastructure
import Quantities

/// `virtcloud wire`.
struct WireVerbs: CommandGroup {
  static let about = About(
    "wire", "Connect and disconnect endpoints of a running infrastructure by wires, or change how a wire is carried.",
    subcommands: [Connect.self, Disconnect.self, ListWires.self, SetType.self])

  /// `virtcloud wire connect`.
  struct Connect: Command {
    static let about = About(
      "connect", "Join two endpoints by a wire.",
      discussion: """
        An endpoint is NODE:INTERFACE, or NODE for its next free interface, which is made. The wire has no addresses; \
        whatever the nodes send arrives at the other end. The next 'virtcloud up' with the infrastructure's file takes \
        away what the file does not have.
        """,
      examples: [
        Example("virtcloud wire connect lab a:eth1 b:eth1", "Join two interfaces by the shortest way there is"),
        Example("virtcloud wire connect lab a b --type tunnelling --rate 100Mbit/s", "Encrypted, with a fixed rate"),
      ])

    @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
    @Argument("END", help: "the first endpoint", completion: .node) var first: String
    @Argument("END", help: "the second endpoint", completion: .node) var second: String
    @Option(value: "TYPE", help: "how it is carried") var type: WireType = .auto
    @Option("rate", value: "RATE", help: "RATE, MIN..MAX, MIN.. or ..MAX, each way") var rate: RateRange?
    @Option("name", value: "WIRE", help: "its name (default: NODE-NODE)") var wire: String?
    @Option(value: "BYTES", help: "largest IP packet") var mtu: Int?
    var amendment = AmendmentOptions()

    func run(_ context: Context) async throws {
      let (near, far) = (try EndpointReference(parsing: first), try EndpointReference(parsing: second))
      let chosen = try wire.map { try Name(parsing: $0) }
      let change = ChangeDocument.connect(
        first: near.description, second: far.description, name: chosen?.description, type: type.rawValue,
        rate: rate?.text, mtu: mtu)
      try amendment.run(context, name, change) { before, after in
        let made = chosen ?? Set(after).subtracting(before.map(\.name)).first
        return "wire \(made.map(\.description) ?? "") connects \(near) and \(far)"
      }
    }
  }

  /// `virtcloud wire disconnect`.
  struct Disconnect: Command {
    static let about = About(
      "disconnect", "Take a wire away, and the interfaces at its ends.",
      examples: [Example("virtcloud wire disconnect lab a-b", "By its name; one of its ends does, too: a:eth1")])

    @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
    @Argument("WIRE", help: "the wire, or one of its ends as NODE:INTERFACE") var wire: String
    var amendment = AmendmentOptions()

    func run(_ context: Context) async throws {
      try amendment.run(context, name, .disconnect(wire: wire)) { _, _ in "wire \(wire) is gone" }
    }
  }

  /// `virtcloud wire list`.
  struct ListWires: Command {
    static let about = About("list", "Show an infrastructure's wires: ends, how they are carried, rates, impairments.")

    @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      try context.write(Table(cloud.reader().infrastructure(name).wires), output)
    }
  }

  /// `virtcloud wire set-type`.
  struct SetType: Command {
    static let about = About(
      "set-type", "Change how a wire is carried, while traffic flows.",
      discussion: "Every device lets the new way in before any turns to it, so nothing is lost within a host.",
      examples: [Example("virtcloud wire set-type lab a-b encapsulating", "From a VLAN to VXLAN")])

    @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
    @Argument("WIRE", help: "the wire, or one of its ends as NODE:INTERFACE") var wire: String
    @Argument("TYPE", help: "how it shall be carried") var type: WireType
    var amendment = AmendmentOptions()

    func run(_ context: Context) async throws {
      let change = ChangeDocument.set(object: "wire/\(wire)", settings: ["type=\(type.rawValue)"])
      try amendment.run(context, name, change) { before, _ in
        "wire \(before.first { $0.isCalled(wire) }?.name.description ?? wire) is \(type.rawValue)"
      }
    }
  }
}

/// `virtcloud set`.
struct SetVerb: Command {
  static let about = About(
    "set", "Change a segment or wire while it runs: rates, type, impairments, guards.",
    discussion: """
      Settings are KEY=VALUE: rate, and of a wire forward and reverse (RATE, MIN..MAX, MIN.., ..MAX or none), type, \
      delay, jitter, loss (0.1%), guard (addresses, mac, none), storm (frames a second, 0 for no limit). Rates count \
      octets of Ethernet frames without preamble, tag and checksum. Nothing that is on its way is lost.
      """,
    examples: [
      Example("virtcloud set lab wire/a-b rate=100Mbit/s", "Keep 100 Mbit/s for a wire and let it have no more"),
      Example("virtcloud set lab segment/lan rate=50Mbit/s..200Mbit/s", "A minimum and a maximum"),
      Example("virtcloud set lab wire/a-b loss=0.1%", "Lose one frame of a thousand"),
    ])

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Argument("OBJECT", help: "wire/WIRE or segment/SEGMENT") var object: String
  @Argument("SETTING", help: "KEY=VALUE") var settings: [String]
  var amendment = AmendmentOptions()

  func run(_ context: Context) async throws {
    let parts = object.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, let kind = Network.Kind(rawValue: parts[0]) else {
      throw Problem(
        .invalid, "bad-object", "'\(object.prefix(80))' is neither a wire nor a segment.",
        remedy: "Write wire/NAME or segment/NAME.")
    }
    // Read here, too, so that what is wrong with them is told before anything is asked.
    for setting in settings { _ = try NetworkSetting(parsing: setting) }
    try amendment.run(context, name, .set(object: object, settings: settings)) { before, _ in
      let wire = kind == .wire ? before.first { $0.isCalled(parts[1]) } : nil
      return "\(kind.rawValue) \(wire?.name.description ?? parts[1]) is changed"
    }
  }
}

/// What verbs that change a running infrastructure have in common.
struct AmendmentOptions: ParameterGroup {
  @Flag(help: "check and plan, and change nothing") var dryRun: Bool
  var cloud = CloudOptions()
  var output = OutputOptions()

  /// Changes the infrastructure and shows its wires; `done` says what it did, by the wires before and the networks'
  /// names after.
  func run(
    _ context: Context, _ name: String, _ change: ChangeDocument, _ done: ([WireDocument], [Name]) -> String
  ) throws {
    let client = try cloud.client(for: "change an infrastructure", context, output)
    let before = try client.infrastructure(name).wires
    let order = try CloudOrder.change(name, [change])
    do {
      if dryRun {
        let proposal = try client.propose(order)
        try context.write(Table(networks: proposal.networks), output)
        let names = proposal.networks.filter { $0.kind == .wire }.map(\.network)
        return context.say("\(done(before, names)) (planned); nothing was done", output)
      }
      _ = try client.perform(order, showing: SilentProgress())
    } catch let refused as RefusedWithOffers {
      // What runs is changed where it is, or not at all: there is nothing to offer instead.
      throw refused.problem
    }
    let wires = try client.infrastructure(name).wires
    try context.write(Table(wires), output)
    context.say(done(before, wires.map(\.name)), output)
  }
}

extension WireDocument {
  /// True where `text` is its name or one of its ends.
  fileprivate func isCalled(_ text: String) -> Bool { [name.description, first, second].contains(text) }
}

extension WireType: ArgumentValue {}

extension RateRange: ArgumentValue {
  public init(argument: String) throws { try self.init(parsing: argument) }
  public var argumentText: String { text }

  /// `100Mbit/s`, `100Mbit/s..1Gbit/s`, `none`.
  var text: String {
    if minimum == nil, maximum == nil { return "none" }
    if minimum == maximum, let minimum { return "\(minimum)" }
    return "\(minimum?.description ?? "")..\(maximum?.description ?? "")"
  }
}
