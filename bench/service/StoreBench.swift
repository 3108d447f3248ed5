import CommandLine
import Quantities
import Store

/// Commits a second of a store.
struct StoreBench: Command {
  static let about = About("store", "Commits a second, one after the other, each durable when it returns.")
  @Option(value: "FOLDER", help: "SQLite in this folder") var state: String = ""
  @Option(value: "URL", help: "or this etcd") var etcd: String?
  @Option(value: "COUNT", help: "documents in each commit") var documents: Int = 1
  @Option(value: "COUNT", help: "octets of each document") var octets: Int = 2000
  @Option(value: "COUNT", help: "for so many seconds") var seconds: Int = 3

  func run(_ context: Context) async throws {
    let store: any Store =
      if let etcd { try BenchCloud.store(etcd: etcd) } else { try SQLiteStore(path: state + "/commits.db") }
    let body = "\"" + String(repeating: "x", count: max(0, octets - 2)) + "\""
    var times: [Double] = []
    let (start, processor) = (ContinuousClock.now, processorSeconds())
    while elapsed(since: start) < Double(seconds) {
      let begin = ContinuousClock.now
      try store.transaction { transaction in
        // A controller changes the same few thousand documents again and again.
        for index in 0..<documents {
          try transaction.write("bench", "\((times.count * documents + index) % 5000)", body)
        }
      }
      times.append(elapsed(since: begin))
    }
    let took = elapsed(since: start)
    try context.print([
      ("commits_per_second", .double(Double(times.count) / took)),
      ("p50_ms", .double(times.quantile(0.5) * 1000)), ("p99_ms", .double(times.quantile(0.99) * 1000)),
      ("processor_ms_each", .double((processorSeconds() - processor) / Double(max(1, times.count)) * 1000)),
    ])
  }
}
