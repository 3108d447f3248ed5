import CommandLine
import Controller
import Infrastructure
import Quantities
import Store
import WebClient

/// A state with many infrastructures, for how long a controller takes to start.
struct FillBench: Command {
  static let about = About(
    "fill", "Fill a store with running infrastructures, through the engine.",
    discussion: "With --to nothing is made: what the folder holds is copied, as 'virtcloud store migrate' does it.")
  @Option(value: "FOLDER", help: "the state directory: an absolute path") var state: String = ""
  @Option(value: "URL", help: "copy it into this etcd") var to: String?
  @Option(value: "COUNT", help: "so many infrastructures of two to four machines") var count: Int = 10_000
  var substrate = SubstrateOptions()

  func run(_ context: Context) async throws {
    let start = ContinuousClock.now
    if let to {
      let documents = try copy(to: to)
      return try context.print([("documents", .int(documents)), ("seconds", .double(elapsed(since: start)))])
    }
    let cloud = try BenchCloud.open(state, etcd: nil)
    cloud.start()
    defer { cloud.stop() }
    // What is emulated is nowhere where no agent works here, so that everything runs as soon as it is planned.
    var made = try substrate.substrate(.emulated)
    made.core = .vxlan
    _ = try await cloud.submit(.applySubstrate(made), by: Caller(user: "bench"))
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

  private func copy(to url: String) throws -> Int {
    let archive = try StoreArchive(of: Installation(stateDirectory: state).openStore(), created: .now)
    try archive.put(into: EtcdStore(cluster: EtcdCluster(endpoints: [Endpoint(url)])))
    return archive.entries.count
  }
}
