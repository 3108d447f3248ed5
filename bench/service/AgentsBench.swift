import API
import CommandLine
import Controller
import Infrastructure
import Quantities

/// Agents by the real protocol, without hosts.
struct AgentsBench: Command {
  static let about = About("agents", "Many agents at once: how soon plans reach them, and what idling costs.")
  @Option(value: "URL", help: "the controller") var controller: String = ""
  @Option(value: "TOKEN", help: "an administrator's") var token: String = ""
  @Option(value: "FILE", help: "whom to trust, PEM") var authority: String = ""
  @Option(value: "COUNT", help: "so many agents, of hosts h0, h1 and so on") var count: Int = 1000
  @Option(value: "COUNT", help: "so many infrastructures on all hosts, one after the other") var rounds: Int = 5
  @Option(value: "SECONDS", help: "then idle for so long") var idle: Int = 30
  @Option(value: "PID", help: "whose processor time and memory are told") var process: Int = 0

  func run(_ context: Context) async throws {
    let hosts = try (0..<count).map { try Name(parsing: "h\($0)") }
    let agents = try PlayedAgents(
      hosts, controller: controller, token: token, authority: String(decoding: Files.read(authority), as: UTF8.self))
    defer { agents.stop() }
    let begin = ContinuousClock.now
    try await agents.enrol()
    let enrolled = elapsed(since: begin)
    agents.start()
    try await agents.until(seconds: 60) { $0.polls >= hosts.count }
    // The controller notes all of them first.
    try await Task.sleep(for: .seconds(3))
    var figures = Figures()
    for round in 0..<rounds { try await measure(round, hosts, agents, &figures) }
    try await Task.sleep(for: .seconds(5))
    let (load, polls) = (try Load.of(process), agents.state.polls)
    try await Task.sleep(for: .seconds(idle))
    let after = try Load.of(process)
    try context.print([
      ("enrol_seconds", .double(enrolled)), ("accept_ms", .list(figures.accept.map(Cell.double))),
      ("first_ms", .list(figures.first.map(Cell.double))), ("half_ms", .list(figures.half.map(Cell.double))),
      ("all_ms", .list(figures.all.map(Cell.double))), ("running_ms", .list(figures.running.map(Cell.double))),
      ("idle_core_percent", .double((after.processorSeconds - load.processorSeconds) / Double(max(1, idle)) * 100)),
      ("idle_polls_per_second", .double(Double(agents.state.polls - polls) / Double(max(1, idle)))),
      ("resident_mib", .double(after.residentMiB)), ("failures", .int(agents.state.failures)),
      ("last_failure", .string(agents.state.lastFailure)),
    ])
  }

  /// Milliseconds.
  private struct Figures {
    var accept: [Double] = []
    var first: [Double] = []
    var half: [Double] = []
    var all: [Double] = []
    var running: [Double] = []
  }

  private func measure(_ round: Int, _ hosts: [Name], _ agents: PlayedAgents, _ figures: inout Figures) async throws {
    let request = try everywhere("r\(round)", hosts)
    agents.await(request.name)
    let start = ContinuousClock.now
    let operation = try await agents.build(request)
    let accepted = ContinuousClock.now
    figures.accept.append((accepted - start) / .milliseconds(1))
    try await agents.until(seconds: 60) { $0.arrivals.count == hosts.count }
    let arrivals = agents.state.arrivals.values.map { ($0 - accepted) / .milliseconds(1) }
    figures.first.append(arrivals.quantile(0))
    figures.half.append(arrivals.quantile(0.5))
    figures.all.append(arrivals.quantile(1))
    try await agents.finish(operation)
    figures.running.append((.now - accepted) / .milliseconds(1))
    try await agents.finish(agents.end(request.name))
  }

  /// A machine on every host, all on one segment.
  private func everywhere(_ name: String, _ hosts: [Name]) throws -> VirtualInfrastructure {
    let nodes = try hosts.map {
      Node(
        name: try Name(parsing: "m-\($0)"), cpu: Cores(thousandths: 100), memory: ByteCount(bytes: 32 << 20), host: $0)
    }
    let network = Network(
      name: try Name(parsing: "lan"), kind: .segment,
      endpoints: nodes.map { Endpoint(node: $0.name, interface: "eth0") })
    return VirtualInfrastructure(name: try Name(parsing: name), nodes: nodes, networks: [network])
  }
}
