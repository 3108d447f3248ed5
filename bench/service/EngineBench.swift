import CommandLine
import Controller
import Infrastructure
import Quantities
import Synchronization

/// Admissions a second through the engine alone.
struct EngineBench: Command {
  static let about = About("engine", "Admissions a second through the engine alone, without HTTP.")
  @Option(value: "FOLDER", help: "the state directory: an absolute path") var state: String = ""
  @Option(value: "COUNT", help: "so many requests") var count: Int = 1000
  @Option(value: "COUNT", help: "so many at once") var clients: Int = 16
  @Flag(help: "two to four machines each, rather than the workload's own requests") var small: Bool
  var substrate = SubstrateOptions()

  func run(_ context: Context) async throws {
    let cloud = try BenchCloud.open(state, etcd: nil)
    cloud.start()
    defer { cloud.stop() }
    _ = try await cloud.submit(.applySubstrate(substrate.substrate()), by: Caller(user: "bench"))
    let own = try substrate.workload.map { try SubstrateOptions.workload($0).arrivals.map(\.request) } ?? []
    let orders = Orders(cloud, small || own.isEmpty ? try (0..<3).map(BenchRequest.small) : own)
    let (start, processor) = (ContinuousClock.now, processorSeconds())
    let times = await orders.submit(count, clients: clients)
    let (took, used) = (elapsed(since: start), processorSeconds() - processor)
    let (commits, settles) = (cloud.commitTally.reading, cloud.settleTally.reading)
    try context.print([
      ("admissions_per_second", .double(Double(times.count) / took)), ("refused", .int(count - times.count)),
      ("refusals", .string(orders.refusals)), ("processor_ms_each", .double(used / Double(count) * 1000)),
      ("p50_ms", .double(times.quantile(0.5) * 1000)), ("p99_ms", .double(times.quantile(0.99) * 1000)),
      ("commits", .int(Int(clamping: commits.count))),
      ("commit_ms", .double(commits.sum / Double(max(1, commits.count)) * 1000)),
      ("settles", .int(Int(clamping: settles.count))), ("settle_seconds", .double(settles.sum)),
    ])
  }
}

/// Orders of many users at once.
final class Orders: Sendable {
  private let cloud: Cloud
  private let requests: [VirtualInfrastructure]
  private let next = Atomic<Int>(0)
  private let refused = Mutex<[String: Int]>([:])

  init(_ cloud: Cloud, _ requests: [VirtualInfrastructure]) { (self.cloud, self.requests) = (cloud, requests) }

  /// How often each problem came.
  var refusals: String { refused.withLock { $0.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ") } }

  /// How long each admission took, seconds; those refused are left out.
  func submit(_ count: Int, clients: Int) async -> [Double] {
    await withTaskGroup(of: [Double].self) { group in
      for client in 0..<clients { group.addTask { await self.work(until: count, as: Caller(user: "user\(client)")) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func work(until count: Int, as caller: Caller) async -> [Double] {
    var times: [Double] = []
    while true {
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if number >= count { return times }
      let start = ContinuousClock.now
      do {
        let request = BenchRequest.named(requests[number % requests.count], "x\(number)")
        _ = try await cloud.submit(.build(request), by: caller)
        times.append(elapsed(since: start))
      } catch {
        let code = (error as? Problem)?.code ?? (error as? Declined)?.problem.code ?? "\(error)"
        refused.withLock { $0[code, default: 0] += 1 }
      }
    }
  }
}
