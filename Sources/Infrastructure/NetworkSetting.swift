import Quantities

/// One thing to set of a segment or wire that runs: `rate=100Mbit/s..500Mbit/s`, `type=native`, `loss=0.1%`.
public enum NetworkSetting: Hashable, Sendable {
  case rate(RateRange)
  case forward(RateRange)
  case reverse(RateRange)
  case type(WireType)
  case delay(Duration)
  case jitter(Duration)
  case loss(UInt32)
  case level(PortGuard.Level)
  case storm(Int?)

  /// What can be set, for help.
  public static let keys = ["rate", "forward", "reverse", "type", "delay", "jitter", "loss", "guard", "storm"]
}

extension RateRange {
  /// Reads `RATE` (kept and not exceeded), `MIN..MAX`, `MIN..`, `..MAX` or `none`.
  ///
  /// Throws `rate-order` where the minimum is above the maximum, and what rates throw.
  public init(parsing text: String) throws(Problem) {
    if text == "none" {
      self.init()
      return
    }
    guard let dots = text.firstRange(of: "..") else {
      self.init(fixed: try Self.rate(text))
      return
    }
    let (low, high) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    self.init(minimum: low.isEmpty ? nil : try Self.rate(low), maximum: high.isEmpty ? nil : try Self.rate(high))
    guard let minimum, let maximum, minimum > maximum else { return }
    throw Problem(
      .invalid, "rate-order", "The minimum (\(minimum)) is above the maximum (\(maximum)).", remedy: "Swap them.")
  }

  private static func rate(_ text: String) throws(Problem) -> Bitrate {
    let rate = try Bitrate(parsing: text)
    guard rate > .zero, rate.bitsPerSecond <= 100_000_000_000_000 else {
      throw Problem(
        .invalid, "out-of-bounds", "The rate '\(text.prefix(40))' is not above zero and at most 100Tbit/s.",
        remedy: "Write one such as 100Mbit/s, 100Mbit/s..1Gbit/s, ..1Gbit/s or none.")
    }
    return rate
  }
}

extension Network {
  /// Applies a setting; throws `Problem` where the network cannot have it.
  public mutating func apply(_ setting: NetworkSetting) throws(Problem) {
    switch setting {
    case .rate(let range): (rate, reverseRate) = (range, nil)
    case .forward(let range):
      try needWire("forward")
      (rate, reverseRate) = (range, reverseRate ?? rate)
    case .reverse(let range):
      try needWire("reverse")
      reverseRate = range
    case .type(let type):
      try needWire("type")
      self.type = type
    case .delay(let delay):
      try needWire("delay")
      impairment.delay = delay
    case .jitter(let jitter):
      try needWire("jitter")
      impairment.jitter = jitter
    case .loss(let loss):
      try needWire("loss")
      impairment.loss = loss
    case .level(let level):
      var changed = guarding
      changed.level = level
      portGuard = changed
    case .storm(let storm):
      var changed = guarding
      changed.storm = storm
      portGuard = changed
    }
  }

  private func needWire(_ key: String) throws(Problem) {
    guard kind != .wire else { return }
    throw Problem(
      .invalid, "setting-needs-wire", "Segment \(name) has no '\(key)'; only wires have.",
      remedy: "Set its 'rate' or 'guard', or join two nodes by a wire.")
  }
}
