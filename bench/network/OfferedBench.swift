import CommandLine
import Measurement
import Quantities

struct OfferedBench: Command {
  static let about = About(
    "offered", "Flows at given rates in octets of layer 2: what each loses, and its rate every 10 ms.",
    discussion: """
      A flow is name=a,from=NS,to=NS,address=IP,rate=100Mbit/s with, if wanted, source=IP, payload=1400, begin=1s \
      and end=3s.
      """)
  @Option(value: "FLOW", help: "a flow; repeat it for more") var flow: [FlowWord] = []
  @Option(value: "TIME", help: "how long") var seconds: Span = Span(.seconds(5))
  @Option(value: "TIME", help: "the steps of the time series") var bin: Span = Span(.milliseconds(10))

  func run(_ context: Context) async throws {
    let reports = try OfferedLoad.run(flow.map { try $0.flow() }, for: seconds.duration, bin: bin.duration)
    let flows = reports.map { report -> Cell in
      .record(
        Record([
          .init("name", nil, .string(report.name)), .init("offered", nil, Cell(report.offered)),
          .init("frame", nil, .int(report.frame)), .init("sent", nil, Cell(report.sent)),
          .init("refused", nil, Cell(report.refused)), .init("received", nil, Cell(report.received)),
          .init("misordered", nil, Cell(report.misordered)), .init("loss", nil, .double(report.loss)),
          .init("bits_per_second", nil, Cell(report.rate)),
          .init("series", nil, .list(report.series.map { Cell($0) })),
        ]))
    }
    try context.print([("bin_seconds", .double(bin.duration.inSeconds)), ("flows", .list(flows))])
  }
}

/// `key=value` pairs that describe a flow.
struct FlowWord: ArgumentValue {
  private var fields: [Substring: Substring] = [:]
  var argumentText: String { fields.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",") }

  init(argument: String) throws {
    let known: [Substring] = ["name", "from", "to", "address", "source", "rate", "payload", "begin", "end"]
    for pair in argument.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, known.contains(parts[0]) else {
        throw Problem(
          .invalid, "bad-flow", "'\(pair)' does not describe a flow.",
          remedy: "Write key=value with one of \(known.joined(separator: ", ")).")
      }
      fields[parts[0]] = parts[1]
    }
  }

  func flow() throws -> OfferedFlow {
    func text(_ key: Substring) throws(Problem) -> String {
      guard let value = fields[key] else {
        throw Problem(.invalid, "bad-flow", "A flow has no '\(key)'.", remedy: "Write \(key)=… into it.")
      }
      return String(value)
    }
    let path = TrafficPath(
      from: try .open(file: text("from")), to: try .open(file: text("to")),
      source: try fields["source"].map { try IPAddress(parsing: String($0)) },
      destination: try IPAddress(parsing: text("address")))
    return OfferedFlow(
      name: fields["name"].map(String.init) ?? "flow", path: path, rate: try Bitrate(parsing: text("rate")),
      payload: try fields["payload"].map { try Int(argument: String($0)) } ?? 1400,
      begin: try fields["begin"].map { try Duration(parsing: String($0)) } ?? .zero,
      end: try fields["end"].map { try Duration(parsing: String($0)) })
  }
}
