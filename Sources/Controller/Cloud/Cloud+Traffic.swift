import Agent
import Embedding
import Infrastructure
import Planning
import Quantities

extension Cloud {
  /// Reads the counters of what this controller's own agent works for an infrastructure. Waits for the kernel, and for what
  /// is being applied.
  ///
  /// - Throws: `Problem` of kind `.notFound`, or `not-begun`.
  public func traffic(of name: Name) throws -> TrafficView {
    let view = view
    guard let record = view.record(name) else {
      throw Problem(
        .notFound, "no-such-infrastructure", "There is no infrastructure '\(name)'.", remedy: "Run 'virtcloud list'.")
    }
    guard record.isPlanned(at: view.time) else {
      throw Problem(
        .failed, "not-begun", "\(name) does not run: it is \(record.standing.phase.rawValue).",
        remedy: record.standing.phase == .reserved
          ? "Wait until \(record.interval.lowerBound): it begins by itself." : "See its cause: 'virtcloud list'.")
    }
    let plans = stations.withLock { $0.all[nil]?.plans ?? [] }
    let readings = try localAgent.read(plans)
    return TrafficView(
      admission: record.admission(at: view.time), plans: plans,
      readings: Dictionary(readings.map { ($0.device, $0) }, uniquingKeysWith: { first, _ in first }),
      networks: view.networks(of: name))
  }
}
