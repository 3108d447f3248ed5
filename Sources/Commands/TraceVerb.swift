import Agent
import CommandLine
import Controller
import Linux
import Planning
import Quantities

/// `virtcloud trace`.
struct TraceVerb: Command {
  static let about = About(
    "trace", "Say what would happen to a frame, step by step; with --live, what happens to frames.",
    discussion: """
      Without --live the plans are followed: what programs and bridges have learned is not known there. With --live \
      the programs of every device tell of each matching frame as they handle it, until Ctrl-C.
      """,
    examples: [
      Example("virtcloud trace lab a:eth0 b", "An IPv4 frame from a to b"),
      Example("virtcloud trace lab a:eth0 ff:ff:ff:ff:ff:ff --type arp --sender 10.9.0.7", "A spoofed ARP broadcast"),
      Example("virtcloud trace lab a:eth0 --live", "Every frame to and from a's interface, everywhere"),
    ])

  /// What a frame carries.
  enum Kind: String, CaseIterable, ArgumentValue {
    case ipv4, ipv6, arp, lldp, other
    var type: UInt16 {
      switch self {
      case .ipv4: 0x0800
      case .ipv6: 0x86dd
      case .arp: 0x0806
      case .lldp: 0x88cc
      case .other: 0x88b5
      }
    }
  }

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Argument("FROM", help: "NODE:INTERFACE that sends", completion: .node) var from: String
  @Argument("TO", help: "a node, NODE:INTERFACE, or a MAC address (default: everybody)", completion: .node)
  var to: String? = nil
  @Option("type", value: "KIND", help: "what the frame carries") var kind: Kind?
  @Option(value: "ADDRESS", help: "the IP address that the sender says it has (default: its own)") var sender: String?
  @Option("source", value: "MAC", help: "the MAC address that it sends from (default: its own)") var source: String?
  @Option(value: "VLAN", help: "a tag that the guest puts on itself") var tag: Int?
  @Option(value: "OCTETS", help: "the frame's length") var length: Int = 98
  @Flag(help: "watch frames as they pass") var live: Bool
  @Option(value: "COUNT", help: "with --live, end after so many steps") var count: Int?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let controller = try Controller(installation.installation())
    let rows = try controller.show(name).rows
    guard let own = row(from, rows) else { throw unknown(from, rows) }
    let destination = try to.map { try target($0, rows) }
    let plans = try controller.runningPlans()
    guard live else {
      let frame = TracedFrame(
        source: try source.map { try MACAddress(parsing: $0) } ?? own.mac ?? MACAddress(rawValue: 0),
        destination: destination ?? MACAddress(rawValue: 0xffff_ffff_ffff), type: (kind ?? .ipv4).type,
        sender: try sender.map { try IPAddress(parsing: $0) } ?? address(of: own),
        tag: tag.map { UInt16(truncatingIfNeeded: $0) }, length: length)
      let trace = try Trace(
        frame, from: try Name(parsing: name), node: own.node.description, interface: own.interface ?? "",
        through: plans)
      return try context.write(Table(trace), output)
    }
    try Installation.requireRoot(for: "watch frames")
    try watch(controller, own, destination, plans, context)
  }

  private func watch(
    _ controller: Controller, _ own: NodeRow, _ destination: MACAddress?, _ plans: [HostPlan], _ context: Context
  ) throws {
    let filter = Agent.WatchFilter(station: own.mac, other: destination, type: kind?.type)
    let labels = Labels(plans)
    let interruption = try Interruption()
    var taken = 0
    var failure: (any Error)?
    context.say("watching frames of \(own.node):\(own.interface ?? ""); Ctrl-C ends it", output)
    try controller.watch(plans, for: filter) {
      if let failure { throw failure }
      if let count, taken >= count { return true }
      return try interruption.wait(.zero, keyboard: false)
    } take: { step in
      taken += 1
      if let count, taken > count { return }
      do { try context.write(labels.line(step, output.format)) } catch { failure = failure ?? error }
    }
  }

  private func row(_ text: String, _ rows: [NodeRow]) -> NodeRow? {
    rows.first { "\($0.node):\($0.interface ?? "")" == text } ?? rows.first { $0.node.description == text }
  }

  private func target(_ text: String, _ rows: [NodeRow]) throws -> MACAddress {
    if let mac = try? MACAddress(parsing: text) { return mac }
    // Of several interfaces, the one in the sender's network.
    let network = row(from, rows)?.network
    let found = rows.first { $0.node.description == text && $0.network == network } ?? row(text, rows)
    guard let mac = found?.mac else { throw unknown(text, rows) }
    return mac
  }

  private func address(of row: NodeRow) -> IPAddress? {
    row.addresses.first { ($0.address.version == 6) == (kind == .ipv6) }?.address
  }

  private func unknown(_ text: String, _ rows: [NodeRow]) -> Problem {
    let known = rows.compactMap { row in row.interface.map { "\(row.node):\($0)" } }.prefix(12).joined(separator: ", ")
    return Problem(
      .notFound, "no-such-interface", "Infrastructure \(name) has no '\(text.prefix(60))'.", remedy: "It has: \(known)."
    )
  }
}

/// Full names of interfaces.
private struct Labels {
  private var labels: [String: String] = [:]

  init(_ plans: [HostPlan]) {
    for plan in plans {
      for slice in plan.slices {
        for port in slice.machines.flatMap(\.ports) { labels["\(plan.device) \(port.port)"] = port.label }
        for network in slice.networks {
          if let trunk = network.trunk { labels["\(plan.device) \(trunk.port)"] = network.label }
        }
      }
    }
    for cable in plans.flatMap(\.cables) {
      for plan in plans {
        for end in [cable.near, cable.far] where labels["\(plan.device) \(end)"] == nil {
          if plan.namespace == cable.farNamespace || plan.cables.contains(cable) {
            labels["\(plan.device) \(end)"] = cable.label
          }
        }
      }
    }
  }

  func line(_ found: Agent.WatchedStep, _ format: OutputFormat) -> String {
    let place = labels["\(found.device) \(found.interface)"] ?? found.interface
    let step = found.step
    let outcome = found.outcome
    let type = "0x" + String(step.type, radix: 16)
    if format == .json {
      return Renderer(format: .json, style: .plain).line([
        ("time", .string(seconds(step.time))), ("device", "\(found.device)"), ("place", .string(place)),
        ("at", .string(found.hook)), ("source", "\(step.source)"), ("destination", "\(step.destination)"),
        ("type", .string(type)), ("length", .int(step.length)), ("outcome", .string(outcome.words)),
        ("dropped", Cell(outcome.dropped)),
      ])
    }
    return "\(seconds(step.time)) \(found.device) \(place) (\(found.hook)): \(step.source) > \(step.destination) "
      + "\(type) \(step.length): \(outcome.words)\(outcome.dropped.map { " (\($0))" } ?? "")\n"
  }

  private func seconds(_ time: UInt64) -> String {
    let micro = String(1_000_000 + time / 1000 % 1_000_000).dropFirst()
    return "\(time / 1_000_000_000).\(micro)"
  }
}

extension Table {
  /// A frame's steps.
  init(_ trace: Trace) {
    self.init([Column("step"), Column("device"), Column("place"), Column("what"), Column("dropped")])
    for (number, step) in trace.steps.enumerated() {
      append([.int(number + 1), "\(step.device)", .string(step.place), .string(step.what), Cell(step.dropped)])
    }
  }
}

extension Renderer {
  /// One object of JSON on one line.
  func line(_ cells: [(name: String, cell: Cell)]) -> String {
    var table = Table(cells.map { Column($0.name) })
    table.append(cells.map(\.cell))
    let text = self.text(table).split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    return (text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text) + "\n"
  }
}
