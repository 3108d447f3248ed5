import Infrastructure
import Quantities

/// Capacities as what the model asks for: the minimum of an interval or a scale, the smallest value of a set. A rate
/// keeps its maximum; what a node has at the start is wanted at its maximum, and the minimum would do.
extension Array where Element == VXDLCapacity {
  /// The capacity at the start: that of an event without delay, else that of no event. Throws `no-such-event`.
  func initial(_ events: VXDLTimeline) throws(Problem) -> VXDLCapacity? {
    for capacity in reversed() {
      if let event = capacity.event, try events.delay(of: event) == .zero { return capacity }
    }
    return first { $0.event == nil }
  }

  /// The capacities that come later, with when. Throws `no-such-event`.
  func later(_ events: VXDLTimeline) throws(Problem) -> [(after: Duration, capacity: VXDLCapacity)] {
    var later: [(after: Duration, capacity: VXDLCapacity)] = []
    for capacity in self {
      guard let event = capacity.event else { continue }
      let after = try events.delay(of: event)
      if after > .zero { later.append((after, capacity)) }
    }
    return later
  }
}

extension VXDLCapacity {
  /// What is asked for: the minimum; where there is none, what is usual, but not more than the maximum.
  private func demand(_ measure: VXDLMeasure, usual: UInt64) throws(Problem) -> UInt64 {
    let bounds = try bounds(measure)
    return bounds.low ?? Swift.min(usual, bounds.high ?? usual)
  }

  /// The largest amount, where it is more than the smallest that is given, too; nil where there is no choice.
  func most(_ measure: VXDLMeasure) throws(Problem) -> UInt64? {
    let bounds = try bounds(measure)
    guard let low = bounds.low, let high = bounds.high, low < high else { return nil }
    return high
  }

  /// True where more than what is asked for would be welcome, which only rates can say.
  func hasUnusedMaximum(_ measure: VXDLMeasure) throws(Problem) -> Bool {
    if case .simple = amount { return false }
    let bounds = try bounds(measure)
    return bounds.high != nil && bounds.high != bounds.low
  }

  /// Throws `out-of-bounds` for no cores at all, and what `bounds` throws.
  func cores(usual: Cores) throws(Problem) -> Cores {
    let cores = Cores(thousandths: try demand(.cores, usual: usual.thousandths))
    guard cores > .zero else { throw Self.nothing("No cores", "at least 0.001 of one") }
    return cores
  }

  /// Throws `memory-too-small` below 4 MiB, and what `bounds` throws.
  func memory(usual: ByteCount) throws(Problem) -> ByteCount {
    let memory = ByteCount(bytes: try demand(.bytes, usual: usual.bytes))
    guard memory.bytes >= 4 << 20 else {
      throw Problem(
        .invalid, "memory-too-small", "\(memory) is less than 4MiB.", remedy: "Ask for more, such as 128 MB.")
    }
    return memory
  }

  /// Throws what `bounds` throws.
  func storage() throws(Problem) -> ByteCount { ByteCount(bytes: try demand(.bytes, usual: 0)) }

  /// `simple` and `set` are static, `interval` and `scale` range from what is promised to what is allowed.
  /// Throws `out-of-bounds` for a rate of nothing, and what `bounds` throws.
  func rate() throws(Problem) -> RateRange {
    let bounds = try bounds(.rate)
    var high = bounds.high
    if case .set = amount { high = bounds.low }
    guard high != 0 else { throw Self.nothing("A rate of 0", "a rate above 0, or leave it out") }
    return RateRange(
      minimum: bounds.low == 0 ? nil : bounds.low.map(Bitrate.init(bitsPerSecond:)),
      maximum: high.map(Bitrate.init(bitsPerSecond:)))
  }

  /// An upper bound: the largest value that it allows; nil is none. Throws `out-of-bounds` for 0, and what
  /// `bounds` throws.
  func latency() throws(Problem) -> Duration? {
    guard let most = try bounds(.latency).high else { return nil }
    guard most > 0 else { throw Self.nothing("A latency of 0", "one above 0, such as 10 ms") }
    return .nanoseconds(Int64(most))
  }

  private static func nothing(_ what: String, _ remedy: String) -> Problem {
    Problem(.invalid, "out-of-bounds", "\(what) cannot be had.", remedy: "Ask for \(remedy).")
  }
}
