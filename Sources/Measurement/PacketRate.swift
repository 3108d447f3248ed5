import CTraffic
import Linux
import Quantities

/// How many datagrams of a size a path carries with next to no loss.
public struct PacketRate: Hashable, Sendable {
  /// Octets of UDP payload.
  public var payload: Int
  /// What arrived a second in the best trial; 0 where each lost too much.
  public var packetsPerSecond: Double
  /// The share that the best trial lost.
  public var loss: Double
  /// Every trial, in the order in which it was made.
  public var trials: [RateSearch.Trial]

  /// Payload a second.
  public var rate: Bitrate { Bitrate(bitsPerSecond: UInt64(packetsPerSecond * Double(payload) * 8)) }

  /// Searches for the rate as `RateSearch` says.
  ///
  /// - Parameters:
  ///   - payload: `16 ... 65507`; what does not fit a frame is refused, not sent in fragments.
  ///   - limit: the share that may be lost, exclusive.
  ///   - trial: how long each offer lasts.
  /// - Throws: `bad-payload`, `duration-out-of-range`, `bad-path`, `no-path`, `payload-too-large`,
  ///   `measurement-failed`, `needs-root`.
  public static func search(
    _ path: TrafficPath, payload: Int = 64, limit: Double = 0.005, trial: Duration = .milliseconds(400)
  ) throws(Problem) -> PacketRate {
    try path.validate()
    try Payload.validate(payload)
    try trial.validate("A trial", longest: .seconds(60))
    return try Problem.wrapping(path) {
      let pair = try DatagramPair(path)
      try pair.warmUp(to: path.destination)
      var search = RateSearch(limit: limit)
      while true {
        switch search.next {
        case .done(let best):
          return PacketRate(
            payload: payload, packetsPerSecond: best?.received ?? 0, loss: best?.loss ?? 1, trials: search.trials)
        case .offer(let offered):
          search.record(try self.trial(pair, payload, offered, trial))
        }
      }
    }
  }

  private static func trial(
    _ pair: DatagramPair, _ payload: Int, _ offered: Double?, _ duration: Duration
  ) throws -> RateSearch.Trial {
    // Each trial has a mark of its own: what arrives late does not count for the next.
    let flow = UInt64.random(in: 1...UInt64.max)
    let begin = MeasurementClock.now + 5_000_000
    let end = begin + duration.nanoseconds
    let stop = StopFlag()
    defer { stop.raise() }
    let receiver = try FlowReceiver.start(pair, flow: flow, payload: payload, until: end + 2_000_000_000, stop)
    let sender = try FlowSender.start(
      pair, flow: flow, payload: payload, begin: begin, until: end, interval: offered.map { 1e9 / $0 } ?? 0,
      tick: 100_000, stop: StopFlag())
    let sent = try sender.join()
    stop.raise()
    let got = try receiver.join()
    let total = sent.sent + sent.refused
    let seconds = Double(max(sent.last, end) - begin) / 1e9
    return RateSearch.Trial(
      offered: offered, sent: Double(total) / seconds, received: Double(got.received) / seconds,
      loss: total == 0 ? 1 : 1 - Double(got.received) / Double(total))
  }
}
