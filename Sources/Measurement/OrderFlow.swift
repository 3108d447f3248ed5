import CTraffic
import Linux
import Quantities
import Synchronization

/// RUDE and CRUDE's test: a steady flow of numbered datagrams, watched for what is lost, doubled or out of order.
///
/// It runs in threads of its own from `start` until `finish`, `stop` or its limit, so that the network can be
/// changed meanwhile.
public final class OrderFlow: Sendable {
  /// What became of the flow.
  public struct Report: Hashable, Sendable {
    public var sent: UInt64
    /// Datagrams that came, doubled ones included.
    public var received: UInt64
    public var lost: UInt64
    public var duplicated: UInt64
    public var outOfOrder: UInt64
    /// The longest run of lost datagrams.
    public var longestLoss: UInt64
    /// The longest time between two datagrams that came.
    public var worstGap: Duration
    /// How long it was sent.
    public var duration: Duration
  }

  private let path: TrafficPath
  private let begin: UInt64
  private let sender: TrafficThread<FlowSender.Sent>
  private let receiver: TrafficThread<SequenceCounter>
  private let stopSending = StopFlag()
  private let stopReceiving = StopFlag()

  /// Starts sending, after a first datagram has found its way.
  ///
  /// - Parameters:
  ///   - packetsPerSecond: `1 ... 100,000`.
  ///   - payload: octets, `16 ... 65507`.
  ///   - limit: when it ends by itself, 2 h at most.
  /// - Throws: `bad-rate`, `bad-payload`, `duration-out-of-range`, `bad-path`, `no-path`, `measurement-failed`,
  ///   `needs-root`.
  public init(
    _ path: TrafficPath, packetsPerSecond: Int = 1000, payload: Int = 64, limit: Duration = .seconds(60)
  ) throws(Problem) {
    try path.validate()
    try Payload.validate(payload)
    try limit.validate("A flow")
    guard (1...100_000).contains(packetsPerSecond) else {
      throw Problem(
        .invalid, "bad-rate", "A flow cannot have \(packetsPerSecond) packets a second.",
        remedy: "Ask for 1 to 100000.")
    }
    self.path = path
    let (sending, receiving) = (stopSending, stopReceiving)
    (begin, sender, receiver) = try Problem.wrapping(path) {
      let pair = try DatagramPair(path)
      try pair.warmUp(to: path.destination)
      let begin = MeasurementClock.now + 5_000_000
      let end = begin + limit.nanoseconds
      let receiver = try TrafficThread { try Self.receive(pair, until: end + 5_000_000_000, receiving) }
      let sender = try FlowSender.start(
        pair, flow: pair.flow, payload: payload, begin: begin, until: end, interval: 1e9 / Double(packetsPerSecond),
        tick: 0, stop: sending)
      return (begin, sender, receiver)
    }
  }

  deinit {
    stopSending.raise()
    stopReceiving.raise()
  }

  /// Ends it now and tells what became of it; waits until what is under way has come.
  public func stop() throws(Problem) -> Report {
    stopSending.raise()
    return try finish()
  }

  /// Waits for its limit and tells what became of it.
  public func finish() throws(Problem) -> Report {
    try Problem.wrapping(path) {
      let sent = try sender.join()
      stopReceiving.raise()
      let counter = try receiver.join()
      // What the kernel refused had a number, too.
      let total = sent.sent + sent.refused
      return Report(
        sent: total, received: counter.distinct + counter.duplicated, lost: counter.lost(of: total),
        duplicated: counter.duplicated, outOfOrder: counter.outOfOrder, longestLoss: counter.longestLoss(of: total),
        worstGap: .nanoseconds(Int64(counter.worstGap)),
        duration: .nanoseconds(Int64(max(sent.last, begin) - begin)))
    }
  }

  /// Ends half a second of silence after the flag is raised: more than the path's queues hold.
  private static func receive(_ pair: DatagramPair, until end: UInt64, _ stop: StopFlag) throws -> SequenceCounter {
    var counter = SequenceCounter()
    var numbers = [UInt64](repeating: 0, count: 64)
    var times = numbers
    var silence = 0
    while MeasurementClock.now < end {
      let count = Int(
        try check(
          ct_receive_numbers(pair.receiver.number, pair.flow, &numbers, &times, 64), "receive", "datagrams"))
      for index in 0..<count { counter.record(numbers[index], at: times[index]) }
      silence = count == 0 && stop.isRaised ? silence + 1 : 0
      if silence == 5 { break }
    }
    return counter
  }
}
