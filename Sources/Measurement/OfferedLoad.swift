import CTraffic
import Linux
import Quantities

/// Several flows at once, each offered at its own rate.
public enum OfferedLoad {
  /// How many flows may be offered at once.
  public static let maximumFlows = 64

  /// Offers the flows for `duration` and tells what became of each, in their order.
  ///
  /// Each flow has a thread at either end. Frames are sent at their time, or in bursts of what is due every
  /// 250 µs where they follow each other faster.
  ///
  /// - Parameter bin: the width of the time series' steps, 1 ms at least.
  /// - Throws: `bad-flows`, `bad-rate`, `bad-payload`, `bad-times`, `bad-path`, `duration-out-of-range`, `no-path`,
  ///   `payload-too-large`, `measurement-failed`, `needs-root`.
  public static func run(
    _ flows: [OfferedFlow], for duration: Duration, bin: Duration = .milliseconds(10)
  ) throws(Problem) -> [OfferedReport] {
    try duration.validate("A measurement", longest: .seconds(3600))
    try (bin * 10).validate("Ten steps of a series", longest: .seconds(3600))
    guard (1...maximumFlows).contains(flows.count), let first = flows.first else {
      throw Problem(
        .invalid, "bad-flows", "\(flows.count) flows cannot be offered.",
        remedy: "Offer 1 to \(maximumFlows) at once.")
    }
    for flow in flows { try flow.validate(within: duration) }
    return try Problem.wrapping(first.path) {
      let pairs = try flows.map { flow in
        try Problem.wrapping(flow.path) {
          let pair = try DatagramPair(flow.path)
          try pair.warmUp(to: flow.path.destination)
          return pair
        }
      }
      let stop = StopFlag()
      defer { stop.raise() }
      let start = MeasurementClock.now + 20_000_000
      let end = start + duration.nanoseconds
      let count = Int(duration.nanoseconds / bin.nanoseconds) + 1
      let receivers = try zip(flows, pairs).map { flow, pair in
        try FlowReceiver.start(
          pair, flow: pair.flow, payload: flow.payload, until: end + 3_000_000_000, stop, bins: count,
          of: bin.nanoseconds, after: start)
      }
      let senders = try zip(flows, pairs).map { flow, pair in
        try FlowSender.start(
          pair, flow: pair.flow, payload: flow.payload, begin: start + flow.begin.nanoseconds,
          until: start + (flow.end ?? duration).nanoseconds, interval: flow.interval, tick: 250_000, stop: stop)
      }
      let sent = try senders.map { try $0.join() }
      stop.raise()
      let received = try receivers.map { try $0.join() }
      return flows.indices.map { OfferedReport(flows[$0], sent[$0], received[$0], bin) }
    }
  }
}

extension OfferedReport {
  init(_ flow: OfferedFlow, _ sent: FlowSender.Sent, _ received: FlowReceiver.Received, _ bin: Duration) {
    let bits = Double(flow.frame) * 8
    let span = Double(received.last - received.first) / 1e9
    self.init(
      name: flow.name, offered: flow.rate, frame: flow.frame, sent: sent.sent + sent.refused, refused: sent.refused,
      received: received.received, misordered: received.misordered,
      rate: Bitrate(bitsPerSecond: span > 0 ? UInt64(Double(received.received - 1) * bits / span) : 0),
      series: received.bins.map { Bitrate(bitsPerSecond: UInt64(Double($0) * bits / bin.inSeconds)) }, bin: bin)
  }
}
