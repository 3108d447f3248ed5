/// Metrics in the text form that Prometheus reads (exposition format 0.0.4).
struct MetricText {
  enum Kind: String { case counter, gauge, histogram }

  private(set) var text = ""

  /// Begins a metric; its samples follow.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let number = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    sample(name, labels, number)
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
    sample(name, labels, "\(value)")
  }

  /// A metric with one sample.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    begin(name, kind, help)
    sample(name, [], value)
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
    let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// How many observations were how large.
struct Histogram: Sendable {
  /// Upper bounds in seconds, rising.
  static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
  private var counts = [UInt64](repeating: 0, count: bounds.count)
  private var count: UInt64 = 0
  private var sum = 0.0

  mutating func note(_ seconds: Double) {
    if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { counts[index] += 1 }
    count += 1
    sum += seconds
  }

  func write(_ name: String, _ labels: [(String, String)] = [], to metrics: inout MetricText) {
    var below: UInt64 = 0
    for (bound, count) in zip(Self.bounds, counts) {
      below += count
      metrics.sample(name + "_bucket", labels + [("le", "\(bound)")], below)
    }
    metrics.sample(name + "_bucket", labels + [("le", "+Inf")], count)
    metrics.sample(name + "_sum", labels, sum)
    metrics.sample(name + "_count", labels, count)
  }
}
