import Agent
import Infrastructure
import Linux
import Planning
import Quantities

extension Controller {
  /// Brings every device to what the store says, and notes what came of it.
  ///
  /// Leases that have ended become `ending` first. Records of what has gone are removed only after every
  /// device has reported that it carries nothing of it.
  @discardableResult
  func settle(progress: @escaping Progress) throws -> Agent.Outcome {
    try change { endExpired(&$0) }
    let state = try state()
    let substrate = state.applied ?? ThisMachine.substrate
    let wanted = state.sorted.filter { $0.phase == .building || $0.phase == .running }
    let generation = try store.transaction { UInt64(try $0.next("generation")) }
    let plans = try Planner(realm: installation.realm).plans(
      for: substrate, admissions: wanted.map(\.admission), generation: generation)
    try installation.makeRunDirectory()
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    let outcome = try agent.apply(plans, progress: progress)
    try change { note(outcome, wanted: wanted, on: substrate, &$0) }
    return outcome
  }

  private func endExpired(_ state: inout CloudState) {
    let time = now()
    for (name, record) in state.records where record.phase != .ending && !record.isWanted(at: time) {
      end(name, because: "its lease ended", &state)
    }
  }

  /// Marks one as ending: durable before the first of its links goes.
  func end(_ name: Name, because cause: String, _ state: inout CloudState) {
    guard var record = state.records[name], record.phase != .ending else { return }
    record.phase = .ending
    record.cause = cause
    state.records[name] = record
    let devices = Self.carriers(of: record.admission, on: state)
    for (owner, _) in record.admission.owners { state.pool.release(owner, awaiting: devices) }
  }

  /// Every device has applied a plan without what is ending, so nothing of that is left.
  private func note(
    _ outcome: Agent.Outcome, wanted: [InfrastructureRecord], on substrate: Substrate, _ state: inout CloudState
  ) {
    let devices =
      substrate.hosts.map { Self.device("host", $0.name) } + substrate.sites.map { Self.device("site", $0.name) }
    for device in devices { state.pool.confirmAll(device) }
    for (name, record) in state.records where record.phase == .ending { state.records[name] = nil }
    for record in wanted {
      guard var current = state.records[record.name] else { continue }
      let failure = outcome.failures[record.admission.number]
      if failure == nil { current.phase = .running }
      current.cause = failure?.message
      state.records[record.name] = current
    }
  }
}
