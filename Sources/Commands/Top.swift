import Agent
import CommandLine
import Controller
import Glibc
import Linux
import Planning
import Quantities

/// `virtcloud top`.
struct Top: Command {
  static let about = About(
    "top", "Watch ports, wires and links live.",
    discussion: """
      On a terminal the busiest come first; 'q' or Ctrl-C ends it. Elsewhere, and with '-f json', one object a line is \
      written for everything that moves, every interval. Rates count octets of Ethernet frames without preamble, tag \
      and checksum.
      """,
    examples: [
      Example("virtcloud top", "Watch everything"),
      Example("virtcloud top lab --count 10 -f json", "Ten seconds of one infrastructure, for a program"),
    ])

  @Argument("NAME", help: "only this infrastructure", completion: .infrastructure) var name: String? = nil
  @Option(value: "TIME", help: "between two looks, from 100ms") var interval: Span = Span(.seconds(1))
  @Option(value: "COUNT", help: "end after so many looks") var count: Int?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "read counters")
    guard interval.duration >= .milliseconds(100), interval.duration <= .seconds(3600) else {
      throw Problem(
        .invalid, "out-of-bounds", "An interval of \(interval.duration.text) is not from 100ms to 1h.",
        remedy: "Write one such as 1s.")
    }
    let controller = try Controller(installation.installation())
    if let name { _ = try controller.show(name) }
    let isScreen = output.format == .table && isatty(0) == 1 && isatty(1) == 1
    let screen = isScreen ? try TerminalScreen() : nil
    let lifetime = try Interruption()
    var before: [String: TopRow] = [:]
    var looks = 0
    while true {
      let begin = Clock.monotonic
      let plans = try controller.runningPlans()
      var rows = TopRow.rows(of: plans, try controller.read(plans), only: name)
      for index in rows.indices { rows[index].measure(since: before[rows[index].key], at: begin) }
      before = Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
      if looks > 0 { try show(rows, context, screen) }
      looks += 1
      if let count, looks > count { return }
      if try lifetime.wait(interval.duration, keyboard: screen != nil) { return }
    }
  }

  private func show(_ rows: [TopRow], _ context: Context, _ screen: TerminalScreen?) throws {
    let sorted = rows.sorted { ($1.inRate + $1.outRate, $0.key) < ($0.inRate + $0.outRate, $1.key) }
    if let screen {
      let table = Table(top: Array(sorted.prefix(max(1, screen.rows - 3))))
      let text = Renderer(format: .table, style: .plain).text(table)
      return try context.write(screen.frame("virtcloud top, every \(interval.duration.text); q ends\n\n" + text))
    }
    for row in sorted where row.inRate > 0 || row.outRate > 0 || row.drops > 0 { try context.write(row.line) }
  }
}

/// One line of `top`.
struct TopRow {
  var kind: String
  var name: String
  var device: Name
  var frames: (in: UInt64, out: UInt64)
  var octets: (in: UInt64, out: UInt64)
  var drops: UInt64 = 0
  var time: UInt64 = 0
  /// Bit/s since the look before.
  var inRate: UInt64 = 0
  var outRate: UInt64 = 0

  var key: String { "\(kind) \(name) \(device)" }

  init(_ kind: String, _ name: String, _ device: Name, _ flow: DeviceReading.Flow, drops: UInt64 = 0) {
    self.kind = kind
    self.name = name
    self.device = device
    frames = (flow.in.frames, flow.out.frames)
    octets = (flow.in.octets, flow.out.octets)
    self.drops = drops
  }

  mutating func measure(since before: TopRow?, at now: UInt64) {
    time = now
    guard let before, now > before.time else { return }
    let seconds = Double(now - before.time) / 1e9
    func rate(_ new: UInt64, _ old: UInt64) -> UInt64 { new < old ? 0 : UInt64(Double((new - old) * 8) / seconds) }
    inRate = rate(octets.in, before.octets.in)
    outRate = rate(octets.out, before.octets.out)
  }

  static func rows(of plans: [HostPlan], _ readings: [Name: DeviceReading], only name: String?) -> [TopRow] {
    var rows: [TopRow] = []
    var wires: [UInt32: (label: String, device: Name, sent: [DeviceReading.Tally], drops: UInt64)] = [:]
    for plan in plans {
      guard let reading = readings[plan.device] else { continue }
      for slice in plan.slices where name == nil || slice.infrastructure.description == name {
        let labels = Dictionary(slice.networks.map { ($0.number, $0.label) }, uniquingKeysWith: { first, _ in first })
        for port in slice.machines.flatMap(\.ports) {
          let drops = reading.portDrops[port.port]?.values.reduce(0, +) ?? 0
          let flow = reading.ports[port.port] ?? .init()
          rows.append(TopRow("port", port.label, plan.device, flow, drops: drops))
          guard port.isWire else { continue }
          var wire = wires[port.network] ?? (labels[port.network] ?? port.label, plan.device, [], 0)
          wire.sent.append(flow.in)
          wire.drops += drops
          wires[port.network] = wire
        }
      }
      guard name == nil else { continue }
      for cable in plan.cables {
        // What a link carries away comes in at its other end.
        let far = plans.first { $0.namespace == cable.farNamespace && $0.tunnels.isEmpty }
        var flow = DeviceReading.Flow()
        flow.in = reading.links[cable.near] ?? flow.in
        flow.out = far.flatMap { readings[$0.device]?.links[cable.far] } ?? flow.out
        rows.append(TopRow("link", cable.label, plan.device, flow))
      }
    }
    // A wire's ends: what the first sends comes in, what the second sends goes out.
    for (_, wire) in wires.sorted(by: { $0.key < $1.key }) {
      var flow = DeviceReading.Flow()
      if let first = wire.sent.first { flow.in = first }
      if wire.sent.count > 1, let last = wire.sent.last { flow.out = last }
      rows.append(TopRow("wire", wire.label, wire.device, flow, drops: wire.drops))
    }
    return rows
  }

  /// JSON, a line.
  var line: String {
    let names = ["kind", "name", "device", "in_bit_s", "out_bit_s", "in_frames", "out_frames", "dropped"]
    return Renderer(format: .json, style: .plain).line(Array(zip(names, cells)))
  }

  var cells: [Cell] {
    [
      .string(kind), .string(name), "\(device)", .int(Int(clamping: inRate)), .int(Int(clamping: outRate)),
      .int(Int(clamping: frames.in)), .int(Int(clamping: frames.out)), .int(Int(clamping: drops)),
    ]
  }
}

extension Table {
  init(top rows: [TopRow]) {
    self.init([
      Column("kind"), Column("name"), Column("device"), Column("in_bit_s", "in bit/s"),
      Column("out_bit_s", "out bit/s"),
      Column("in_frames", "in frames"), Column("out_frames", "out frames"), Column("dropped"),
    ])
    for row in rows { append(row.cells) }
  }
}
