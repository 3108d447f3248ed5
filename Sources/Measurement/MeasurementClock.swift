import CTraffic
import Linux
import Quantities

/// Moments of `CLOCK_MONOTONIC` in nanoseconds, as the loops take them.
enum MeasurementClock {
  static var now: UInt64 { ct_now() }
}

extension Duration {
  /// Whole nanoseconds, not negative.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
  }

  /// The same as a fraction of seconds.
  public var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }

  /// Throws `duration-out-of-range` unless it lies between 10 ms and `longest`.
  func validate(_ what: String, longest: Duration = .seconds(7200)) throws(Problem) {
    guard self < .milliseconds(10) || self > longest else { return }
    throw Problem(
      .invalid, "duration-out-of-range", "\(what) cannot last \(text).",
      remedy: "Let it last from 10ms to \(longest.text).")
  }
}

extension Problem {
  /// Runs what uses the kernel, and says in a user's words what went wrong: `no-path`, `payload-too-large` or
  /// `measurement-failed`.
  static func wrapping<Value>(_ path: TrafficPath, _ body: () throws -> Value) throws(Problem) -> Value {
    do {
      return try body()
    } catch let problem as Problem {
      throw problem
    } catch let error as SystemError {
      throw Problem(measuring: path, error)
    } catch {
      throw Problem(
        .failed, "measurement-failed", "Measuring towards \(path.destination) failed: \(error).", remedy: "Try again.")
    }
  }

  private init(measuring path: TrafficPath, _ error: SystemError) {
    let way = "from \(path.source.map(\.description) ?? path.from.label) to \(path.destination)"
    if error.isNotPermitted {
      self.init(
        .notPermitted, "needs-root", "Measuring \(way) needs root: \(error).", remedy: "Run it with sudo.")
    } else if error.isTooLong {
      self.init(
        .invalid, "payload-too-large", "The frames are larger than what fits \(way).",
        remedy: "Ask for a smaller payload.")
    } else if error.isNotOwned {
      self.init(
        .notFound, "no-such-address", "Traffic \(way) has an end without its address: \(error).",
        remedy: "Give each end an address of its own interfaces.")
    } else if error.isUnreachable {
      self.init(
        .failed, "no-path", "Nothing gets \(way): \(error).",
        remedy: "Check that both ends run, and their addresses and routes.")
    } else {
      self.init(.failed, "measurement-failed", "Measuring \(way) failed: \(error).", remedy: "Try again.")
    }
  }
}
