import Agent
import Embedding
import Infrastructure
import Planning
import Quantities

/// One infrastructure's plans and what the devices have counted.
public struct TrafficView: Sendable {
  public var admission: Admission
  /// Of everything that runs: an infrastructure's own parts are found by its name.
  public var plans: [HostPlan]
  public var readings: [Name: DeviceReading]
  public var networks: [NetworkRow]
  /// Hosts that did not say what they have counted.
  public var missing: Set<Name> = []
}

extension Controller {
  /// Reads the counters of everything that runs. Needs root.
  ///
  /// - Parameter name: Nil where everything is wanted.
  public func traffic(of name: String) throws -> TrafficView {
    let view = try show(name)
    guard view.record.standing.phase != .reserved else {
      throw Problem(
        .failed, "not-begun", "\(name) is reserved and begins at \(view.record.interval.lowerBound).",
        remedy: "Wait until then: it begins by itself.")
    }
    let time = now()
    let state = try state()
    let admission = view.record.admission(at: time)
    let others = state.sorted.filter { $0.name != view.record.name && $0.isWanted(at: time) }
      .map { $0.admission(at: time) }
    let plans = try runningPlans(state)
    return TrafficView(
      admission: admission, plans: plans, readings: try read(plans),
      networks: NetworkRow.rows(of: admission, beside: others, on: SubstrateView(state.substrate)))
  }

  /// How every device should look now.
  public func runningPlans() throws -> [HostPlan] { try runningPlans(state()) }

  private func runningPlans(_ state: CloudState) throws -> [HostPlan] {
    let time = now()
    let wanted = state.sorted.filter { $0.isWanted(at: time) && $0.standing.phase != .reserved }
    return try planner.plans(
      for: state.substrate, admissions: wanted.map { $0.admission(at: time) }, generation: state.generation)
  }

  /// What the devices of these plans have counted, by device. Needs root.
  public func read(_ plans: [HostPlan]) throws -> [Name: DeviceReading] {
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    return Dictionary(try agent.read(plans).map { ($0.device, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Controller {
  /// Tells of frames that match as the programs of every device handle them; see `Agent.watch`. Needs root.
  public func watch(
    _ plans: [HostPlan], for filter: Agent.WatchFilter, until isOver: () throws -> Bool,
    take: @escaping (Agent.WatchedStep) -> Void
  ) throws {
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    try agent.watch(plans, for: filter, until: isOver, take)
  }
}
