import CommandLine
import Infrastructure
import Languages
import Quantities

/// Writes what the load generators send.
struct WorkloadBench: Command {
  static let about = About("workload", "Write requests for the load generators, each ended by a zero octet.")
  @Option(value: "FILE", help: "a workload in JSON lines") var workload: String = ""
  @Option(value: "COUNT", help: "so many requests of the file") var count: Int = 1000
  @Option(value: "FOLDER", help: "where small.requests and file.requests are written") var to: String = "."

  /// Load generators put a name of their own in its place.
  private static let name = "placeholder"

  func run(_ context: Context) async throws {
    let workload = try SubstrateOptions.workload(workload)
    let own = workload.arrivals.prefix(count).map(\.request)
    try write((0..<3).map(BenchRequest.small), "small")
    try write(own, "file")
    try context.print([
      ("requests", .int(own.count)),
      ("nodes_each", .double(Double(own.reduce(0) { $0 + $1.nodes.count }) / Double(max(1, own.count)))),
    ])
  }

  private func write(_ requests: [VirtualInfrastructure], _ name: String) throws {
    let texts = requests.map { InfrastructureWriter.text(BenchRequest.named($0, Self.name)) }
    try Files.write(texts.joined(separator: "\0"), to: "\(to)/\(name).requests")
  }
}
