import Synchronization

/// How often something happened and how long it took: what a Prometheus histogram needs. Safe from any thread.
public final class Tally: Sendable {
  /// Upper bounds of the classes, seconds.
  public static let bounds: [Double] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// What was counted.
  public struct Reading: Sendable {
    /// By class, the last one without a bound; not cumulative.
    public var counts = [UInt64](repeating: 0, count: Tally.bounds.count + 1)
    public var count: UInt64 = 0
    /// Seconds.
    public var sum = 0.0
  }

  private let kept = Mutex(Reading())

  public init() {}

  public func add(seconds: Double) {
    let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    kept.withLock {
      $0.counts[index] += 1
      $0.count += 1
      $0.sum += seconds
    }
  }

  public var reading: Reading { kept.withLock { $0 } }
}
