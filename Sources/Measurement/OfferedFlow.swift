import Quantities

/// A flow of datagrams that offers a bit rate, whatever becomes of them.
///
/// Rates count octets of layer 2: Ethernet header (14), IP header (20 or 40), UDP header (8) and payload; neither
/// preamble, check sequence nor gap.
public struct OfferedFlow: Sendable {
  public var name: String
  public var path: TrafficPath
  public var rate: Bitrate
  /// Octets of UDP payload, `16 ... 65507`.
  public var payload: Int
  /// When it begins and ends after the load's beginning; nil is the load's end.
  public var begin: Duration
  public var end: Duration?

  public init(
    name: String, path: TrafficPath, rate: Bitrate, payload: Int = 1400, begin: Duration = .zero,
    end: Duration? = nil
  ) {
    self.name = name
    self.path = path
    self.rate = rate
    self.payload = payload
    self.begin = begin
    self.end = end
  }

  /// Octets of layer 2 of one of its frames.
  public var frame: Int { payload + path.frameOverhead }

  /// ns between two of its frames.
  var interval: Double { Double(frame) * 8e9 / Double(rate.bitsPerSecond) }

  /// Throws `bad-rate`, `bad-payload`, `bad-path` or `bad-times` for what cannot be offered within `duration`.
  func validate(within duration: Duration) throws(Problem) {
    try path.validate()
    try Payload.validate(payload)
    guard (1...100_000_000_000).contains(rate.bitsPerSecond) else {
      throw Problem(
        .invalid, "bad-rate", "Flow '\(name.excerpt)' cannot offer \(rate).", remedy: "Offer up to 100Gbit/s.")
    }
    guard begin >= .zero, begin < end ?? duration, end ?? duration <= duration else {
      throw Problem(
        .invalid, "bad-times", "Flow '\(name.excerpt)' does not begin before it ends within \(duration.text).",
        remedy: "Let it begin and end within the measurement.")
    }
  }
}

/// What became of an offered flow.
public struct OfferedReport: Hashable, Sendable {
  public var name: String
  /// Asked for, in octets of layer 2.
  public var offered: Bitrate
  /// Octets of layer 2 of each frame.
  public var frame: Int
  /// Datagrams that were sent, those of them that the kernel refused at once, and those that arrived.
  public var sent, refused, received: UInt64
  /// Datagrams that came after a later one.
  public var misordered: UInt64
  /// Between the first and the last that arrived, in octets of layer 2.
  public var rate: Bitrate
  /// What arrived in each `bin` after the load's beginning, as a rate in octets of layer 2.
  public var series: [Bitrate]
  public var bin: Duration

  /// The share that did not arrive, `0 ... 1`.
  public var loss: Double { sent == 0 ? 0 : 1 - Double(min(received, sent)) / Double(sent) }
}
