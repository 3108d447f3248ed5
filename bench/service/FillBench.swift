import CommandLine
import Controller
import Infrastructure
import Quantities

/// A state with many infrastructures, for how long a controller takes to start.
struct FillBench: Command {
  static let about = About("fill", "Fill a store with running infrastructures, through the engine.")
  @Option(value: "FOLDER", help: "the state directory: an absolute path") var state: String = ""
  @Option(value: "URL", help: "keep the state in this etcd") var etcd: String?
  @Option(value: "COUNT", help: "so many infrastructures of two to four machines") var count: Int = 10_000
  var substrate = SubstrateOptions()

  func run(_ context: Context) async throws {
    let cloud = try BenchCloud.open(state, etcd: etcd)
    cloud.start()
    defer { cloud.stop() }
    // What is emulated is nowhere where no agent works here, so that everything runs as soon as it is planned.
    var made = try substrate.substrate(.emulated)
    made.core = .vxlan
    _ = try await cloud.submit(.applySubstrate(made), by: Caller(user: "bench"))
    let start = ContinuousClock.now
    let orders = Orders(cloud, try (0..<3).map(BenchRequest.small))
    let admitted = await orders.submit(count, clients: 64).count
    let took = elapsed(since: start)
    for _ in 0..<600 where cloud.view.records.contains(where: { $0.standing.phase != .running }) {
      try await Task.sleep(for: .milliseconds(200))
    }
    let running = cloud.view.records.count { $0.standing.phase == .running }
    try context.print([
      ("infrastructures", .int(admitted)), ("running", .int(running)), ("refusals", .string(orders.refusals)),
      ("seconds", .double(took)),
    ])
  }
}
