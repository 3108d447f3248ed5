import CTraffic
import Linux
import Quantities

/// How much TCP carries: streams that send as fast as they can, counted where they arrive.
public struct Throughput: Hashable, Sendable {
  /// Payload that arrived in the time that was measured.
  public var received: ByteCount
  public var duration: Duration
  public var streams: Int
  /// What arrived in each `step`, as a rate of payload.
  public var series: [Bitrate]

  /// The width of the series' steps.
  public static let step = Duration.milliseconds(100)

  /// Payload a second.
  public var rate: Bitrate {
    Bitrate(bitsPerSecond: UInt64(Double(received.bytes) * 8 / duration.inSeconds))
  }

  /// Measures for `duration` after `warmUp` in which the streams find their pace.
  ///
  /// - Parameter streams: `1 ... 64`, each with a thread at either end.
  /// - Throws: `duration-out-of-range`, `bad-streams`, `bad-path`, `no-path`, `measurement-failed`, `needs-root`.
  public static func measure(
    _ path: TrafficPath, for duration: Duration = .seconds(5), streams: Int = 1,
    warmUp: Duration = .milliseconds(300)
  ) throws(Problem) -> Throughput {
    try path.validate()
    try duration.validate("A measurement")
    try (warmUp + .milliseconds(10)).validate("A warm-up")
    guard (1...64).contains(streams) else {
      throw Problem(
        .invalid, "bad-streams", "\(streams) streams cannot be measured.", remedy: "Ask for 1 to 64 of them.")
    }
    let series = try Problem.wrapping(path) {
      let connections = try (0..<streams).map { _ in try Connection(path) }
      let begin = MeasurementClock.now + warmUp.nanoseconds
      let end = begin + duration.nanoseconds
      let stop = StopFlag()
      defer { stop.raise() }
      let receivers = try connections.map { try $0.receive(from: begin, until: end, stop) }
      let senders = try connections.map { try $0.send(until: end, stop) }
      let series = try receivers.map { try $0.join() }
      stop.raise()
      for sender in senders { try sender.join() }
      return series.dropFirst().reduce(series.first ?? []) { zip($0, $1).map(+) }
    }
    return Throughput(
      received: ByteCount(bytes: series.reduce(0, +)), duration: duration, streams: streams,
      series: series.prefix(Int(duration / step)).map {
        Bitrate(bitsPerSecond: UInt64(Double($0) * 8 / step.inSeconds))
      })
  }

  /// One stream, connected.
  private struct Connection {
    let sender: TrafficSocket
    let receiver: TrafficSocket

    init(_ path: TrafficPath) throws {
      let listener = try TrafficSocket(.stream, in: path.to, for: path.destination, local: path.destination)
      try listener.listen()
      sender = try TrafficSocket(.stream, in: path.from, for: path.destination, local: path.source)
      try sender.connect(to: path.destination, port: listener.port())
      try sender.dropOnClose()
      receiver = try listener.accept()
    }

    func send(until end: UInt64, _ stop: StopFlag) throws -> TrafficThread<Void> {
      try TrafficThread { [sender] in
        try check(ct_send_stream(sender.number, end, stop.pointer), "send", "stream")
        withExtendedLifetime(stop) {}
      }
    }

    func receive(from begin: UInt64, until end: UInt64, _ stop: StopFlag) throws -> TrafficThread<[UInt64]> {
      try TrafficThread { [receiver] in
        let step = Throughput.step.nanoseconds
        // The last step may be a part of one.
        var octets = [UInt64](repeating: 0, count: Int((end - begin) / step) + 1)
        try check(
          ct_receive_stream(receiver.number, begin, end, stop.pointer, step, &octets, octets.count), "receive",
          "stream")
        withExtendedLifetime(stop) {}
        return octets
      }
    }
  }
}
