import Agent
import Embedding
import Infrastructure
import Planning
import Quantities

extension Cloud {
  /// Hosts with agents of their own that work a part of an infrastructure, by name.
  public func agentHosts(of name: Name) -> [Name] {
    stations.withLock { stations in
      stations.all.compactMap { host, station in
        station.plans.contains { $0.slices.contains { $0.infrastructure == name } } ? host : nil
      }.sorted()
    }
  }

  /// What was counted for an infrastructure. Reads what this controller's own agent works: waits for the kernel, and for
  /// what is being applied.
  ///
  /// - Parameter others: What each of `agentHosts(of:)` has counted, as it says; one without readings did not answer.
  /// - Throws: `Problem` of kind `.notFound`, or `not-begun`.
  public func traffic(of name: Name, beside others: [Name: [DeviceReading]] = [:]) throws -> TrafficView {
    let view = view
    let record = try runningRecord(name)
    let stations = stations.withLock { $0.all }
    var plans = stations[nil]?.plans ?? []
    var readings = try localAgent.read(plans)
    for (host, told) in others.sorted(by: { $0.key < $1.key }) {
      let theirs = stations[host]?.plans ?? []
      // A host speaks of its own devices only.
      readings += told.filter { reading in theirs.contains { $0.device == reading.device } }
      plans += theirs
    }
    return TrafficView(
      admission: record.admission(at: view.time), plans: plans,
      readings: Dictionary(readings.map { ($0.device, $0) }, uniquingKeysWith: { first, _ in first }),
      networks: view.networks(of: name), missing: Set(others.filter(\.value.isEmpty).keys))
  }

  /// Throws `Problem` of kind `.notFound`, or `not-begun`.
  @discardableResult
  public func runningRecord(_ name: Name) throws(Problem) -> InfrastructureRecord {
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
    return record
  }
}
