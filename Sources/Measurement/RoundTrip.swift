import CTraffic
import Linux
import Quantities

/// How long an answer takes: echoes one after the other.
///
/// The two ends keep to different processors where there are several: left alone, the scheduler puts them now on
/// one and now on two, and times differ by a factor of three.
public struct RoundTrip: Hashable, Sendable {
  /// What is sent to and fro.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Datagrams that a thread at the far end sends back.
    case udp
    /// ICMP echo, which the far end's kernel answers.
    case icmp
  }

  /// The times of the echoes that came back, in rising order.
  public var times: [Duration]
  /// Echoes that did not come back within 250 ms.
  public var lost: Int

  /// The time that a share of `fraction` of the echoes did not exceed (nearest rank).
  public func percentile(_ fraction: Double) -> Duration {
    guard let last = times.last else { return .zero }
    let rank = Int((fraction * Double(times.count)).rounded(.up)) - 1
    return rank < times.count ? times[max(0, rank)] : last
  }

  /// Takes `count` samples after up to a hundred that are not counted, within `limit` at most.
  ///
  /// - Parameters:
  ///   - count: `1 ... 1,000,000`.
  ///   - payload: octets beside the UDP or ICMP header, `16 ... 1400`.
  ///   - isBusy: the ends poll instead of sleeping; needs a processor for each.
  /// - Throws: `bad-count`, `bad-payload`, `duration-out-of-range`, `bad-path`, `no-path`, `measurement-failed`,
  ///   `needs-root`.
  public static func measure(
    _ path: TrafficPath, _ kind: Kind = .udp, count: Int = 10_000, payload: Int = 56, isBusy: Bool = false,
    limit: Duration = .seconds(30)
  ) throws(Problem) -> RoundTrip {
    try path.validate()
    try limit.validate("A measurement")
    try Payload.validate(payload, 16...1400)
    guard (1...1_000_000).contains(count) else {
      throw Problem(
        .invalid, "bad-count", "\(count) echoes cannot be measured.", remedy: "Ask for 1 to 1000000 of them.")
    }
    return try Problem.wrapping(path) {
      let stop = StopFlag()
      defer { stop.raise() }
      let end = MeasurementClock.now + limit.nanoseconds
      let (socket, echo) = try ends(path, kind, isBusy, end, stop)
      let client = try TrafficThread {
        try check(ct_stay(0), "keep to", "a processor")
        let icmp = kind == .icmp ? path.destination.version : 0
        func sample(_ count: Int, until end: UInt64) throws -> RoundTrip {
          let result = try self.sample(
            count, over: socket, icmp: icmp, isBusy: isBusy, payload: payload, until: end)
          guard !result.times.isEmpty else {
            throw SystemError(operation: "echo from", object: "\(path.destination)", errno: SystemError.noAnswer)
          }
          return result
        }
        // Where echoes take long, a tenth of the time is for the warm-up.
        _ = try sample(100, until: MeasurementClock.now + limit.nanoseconds / 10)
        return try sample(count, until: end)
      }
      let result = try client.join()
      stop.raise()
      try echo?.join()
      return result
    }
  }

  /// The client's socket, and the thread that answers where the kernel does not.
  private static func ends(
    _ path: TrafficPath, _ kind: Kind, _ isBusy: Bool, _ end: UInt64, _ stop: StopFlag
  ) throws -> (TrafficSocket, TrafficThread<Void>?) {
    guard kind == .udp else {
      let socket = try TrafficSocket(.echo, in: path.from, for: path.destination, local: path.source)
      try socket.filterEchoReplies(version: path.destination.version)
      try socket.connect(to: path.destination)
      return (socket, nil)
    }
    let pair = try DatagramPair(path)
    let thread = try TrafficThread {
      try check(ct_stay(1), "keep to", "a processor")
      try check(ct_echo(pair.receiver.number, isBusy ? 1 : 0, end, stop.pointer), "echo", "datagrams")
      withExtendedLifetime(stop) {}
    }
    return (pair.sender, thread)
  }

  private static func sample(
    _ count: Int, over socket: TrafficSocket, icmp version: Int, isBusy: Bool, payload: Int, until end: UInt64
  ) throws -> RoundTrip {
    var pings = ct_pings()
    pings.socket = socket.number
    pings.icmp = Int32(version)
    pings.busy = isBusy ? 1 : 0
    pings.payload = UInt32(payload)
    pings.until = end
    pings.count = UInt64(count)
    var times = [UInt64](repeating: 0, count: count)
    try times.withUnsafeMutableBufferPointer { buffer in
      pings.times = buffer.baseAddress
      try check(ct_ping(&pings), "send echoes over", "socket \(socket.number)")
    }
    let taken = times.prefix(Int(pings.taken)).sorted()
    return RoundTrip(times: taken.map { .nanoseconds(Int64($0)) }, lost: Int(pings.lost))
  }
}
