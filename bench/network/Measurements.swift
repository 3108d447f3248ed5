import CommandLine
import Measurement
import Quantities

struct ThroughputBench: Command {
  static let about = About("throughput", "TCP payload that arrives, in bits a second.")
  var path = PathOptions()
  @Option(value: "TIME", help: "how long") var seconds: Span = Span(.seconds(2))
  @Option(value: "N", help: "streams at once") var streams: Int = 1

  func run(_ context: Context) async throws {
    let result = try Throughput.measure(path.path(), for: seconds.duration, streams: streams)
    try context.print([
      ("bits_per_second", Cell(result.rate)), ("octets", Cell(result.received.bytes)),
      ("seconds", .double(result.duration.inSeconds)), ("streams", .int(result.streams)),
    ])
  }
}

struct RoundTripBench: Command {
  static let about = About("round-trip", "Round trips of echoes, in microseconds.")
  var path = PathOptions()
  @Option(value: "N", help: "echoes") var count: Int = 10_000
  @Option(value: "OCTETS", help: "payload") var payload: Int = 56
  @Flag(help: "ICMP echo instead of UDP") var icmp: Bool
  @Flag(help: "poll instead of sleeping") var busy: Bool

  func run(_ context: Context) async throws {
    let result = try RoundTrip.measure(
      path.path(), icmp ? .icmp : .udp, count: count, payload: payload, isBusy: busy)
    try context.print([
      ("p50_us", Cell(microseconds: result.percentile(0.5))), ("p90_us", Cell(microseconds: result.percentile(0.9))),
      ("p99_us", Cell(microseconds: result.percentile(0.99))), ("count", .int(result.times.count)),
      ("lost", .int(result.lost)),
    ])
  }
}

struct PacketRateBench: Command {
  static let about = About("packet-rate", "The most datagrams a second that arrive with less than 0.5 % lost.")
  var path = PathOptions()
  @Option(value: "OCTETS", help: "payload") var payload: Int = 64
  @Option(value: "TIME", help: "how long each offer lasts") var trial: Span = Span(.milliseconds(400))

  func run(_ context: Context) async throws {
    let result = try PacketRate.search(path.path(), payload: payload, trial: trial.duration)
    let trials = result.trials.map { trial -> Cell in
      .record(
        Record([
          .init("offered", nil, trial.offered.map(Cell.double) ?? .null), .init("sent", nil, .double(trial.sent)),
          .init("received", nil, .double(trial.received)), .init("loss", nil, .double(trial.loss)),
        ]))
    }
    try context.print([
      ("payload", .int(result.payload)), ("packets_per_second", .double(result.packetsPerSecond)),
      ("bits_per_second", Cell(result.rate)), ("loss", .double(result.loss)), ("trials", .list(trials)),
    ])
  }
}

struct OrderBench: Command {
  static let about = About("order", "A steady flow: what is lost, doubled or out of order.")
  var path = PathOptions()
  @Option(value: "N", help: "datagrams a second") var rate: Int = 1000
  @Option(value: "OCTETS", help: "payload") var payload: Int = 64
  @Option(value: "TIME", help: "how long") var seconds: Span = Span(.seconds(60))

  func run(_ context: Context) async throws {
    let flow = try OrderFlow(
      path.path(), packetsPerSecond: rate, payload: payload, limit: seconds.duration)
    let report = try flow.finish()
    try context.print([
      ("sent", Cell(report.sent)), ("received", Cell(report.received)), ("lost", Cell(report.lost)),
      ("duplicated", Cell(report.duplicated)), ("out_of_order", Cell(report.outOfOrder)),
      ("longest_loss", Cell(report.longestLoss)), ("worst_gap_us", Cell(microseconds: report.worstGap)),
      ("seconds", .double(report.duration.inSeconds)),
    ])
  }
}
