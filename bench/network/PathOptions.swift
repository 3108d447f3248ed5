import CommandLine
import Linux
import Measurement
import Quantities

/// The path that every measurement takes.
struct PathOptions: ParameterGroup {
  @Option(value: "NS", help: "the sender's network namespace: a file, or a name in /run/netns") var from: String = ""
  @Option(value: "NS", help: "the receiver's network namespace") var to: String = ""
  @Option(value: "IP", help: "the receiver's address") var address: String = ""
  @Option(value: "IP", help: "the sender's address (default: the kernel's choice)") var source: String?

  func path() throws -> TrafficPath {
    TrafficPath(
      from: try .open(file: from), to: try .open(file: to), source: try source.map { try IPAddress(parsing: $0) },
      destination: try IPAddress(parsing: address))
  }
}

/// A length of time such as `2s` or `400ms`.
struct Span: ArgumentValue {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }
  init(argument: String) throws {
    if let seconds = Int(argument) {
      duration = .seconds(seconds)
    } else {
      duration = try Duration(parsing: argument)
    }
  }
  var argumentText: String { duration.text }
}

extension Context {
  /// One JSON object on standard output.
  func print(_ fields: [(String, Cell)]) throws {
    let record = Record(fields.map { Record.Field($0.0, nil, $0.1) })
    try write(Renderer(format: .json).text(record))
  }
}

extension Cell {
  init(microseconds duration: Duration) { self = .double(duration.inSeconds * 1e6) }
  init(_ count: UInt64) { self = .int(Int(clamping: count)) }
  init(_ rate: Bitrate) { self = .int(Int(clamping: rate.bitsPerSecond)) }
}
