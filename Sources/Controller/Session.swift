import Agent
import Infrastructure
import Linux
import Planning
import Quantities

/// The state in the hands of the one process that may change it now: read once, written where it changes.
final class Session {
  let controller: Controller
  private(set) var state: CloudState
  private let progress: Controller.Progress

  init(_ controller: Controller, _ state: CloudState, progress: @escaping Controller.Progress) {
    self.controller = controller
    self.state = state
    self.progress = progress
  }

  /// Changes the state in one durable transaction; if `body` or the transaction throws, nothing is changed.
  @discardableResult
  func change<Result>(_ body: (inout CloudState) throws -> Result) throws -> Result {
    var next = state
    let result = try body(&next)
    if next != state {
      next.revision += 1
      next.book()
      try controller.store.transaction { try next.write(to: $0, since: state) }
      next.saved()
      state = next
      FaultPoint.reach()
    }
    return result
  }

  /// Brings every device to what the store says, and notes what came of it.
  ///
  /// Leases that have ended become `ending` first. Records of what has gone are removed only after every
  /// device has reported that it carries nothing of it.
  @discardableResult
  func settle() throws -> Agent.Outcome {
    let time = controller.now()
    let planner = controller.planner
    try change { state in
      for record in state.records.values where record.isOver(at: time) {
        state.end(record.name, because: "its lease ended", planner)
      }
      for record in state.sorted where record.isDue(at: time) { state.begin(record.name) }
      state.generation += 1
    }
    let wanted = state.sorted.filter { $0.isWanted(at: time) && $0.standing.phase != .reserved }
    let installation = controller.installation
    let plans = try planner.plans(
      for: state.substrate, admissions: wanted.map { $0.admission(at: time) }, generation: state.generation)
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    let wires = EncryptedWires(installation: installation)
    let isWanted = !wires.specs(plans).isEmpty
    // New ends are connected before frames turn to them; old ones end when nobody uses them any more. What goes wrong
    // with processes is told when everything else is done: it is nobody else's matter.
    var failure: (any Error)?
    let outcome = try agent.apply(plans, progress: progress) {
      if isWanted { do { try wires.follow(plans, keepsOld: true) } catch { failure = error } }
    }
    do { try wires.follow(plans) } catch { failure = failure ?? error }
    try change { $0.note(outcome, of: wanted) }
    if let failure { throw failure }
    return outcome
  }
}

extension CloudState {
  /// Lets one that was reserved begin: it gets its VLANs and will be built. Where there are none after all (a
  /// device that has not confirmed a removal yet), its cause says so, and the next settle tries again.
  mutating func begin(_ name: Name) {
    guard var record = records[name] else { return }
    var pool = pool
    var admission = record.admission
    do throws(Problem) {
      try admission.allotVLANs(from: &pool)
      try admission.checkVLANs(on: substrate)
      self.pool = pool
      record.admission = admission
      record.standing.phase = .building
      record.standing.cause = nil
    } catch {
      record.standing.cause = error.message
    }
    records[name] = record
  }

  /// Marks one as ending: durable before the first of its links goes. Its VLANs wait until every device that
  /// carries them has confirmed that it does not any more.
  mutating func end(_ name: Name, because cause: String, _ planner: Planner) {
    guard var record = records[name], record.standing.phase != .ending else { return }
    record.standing.phase = .ending
    record.standing.cause = cause
    records[name] = record
    planner.release(record.admission, on: substrate, in: &pool)
  }

  /// Takes note of an apply of `wanted`. This machine's agent speaks for every device of the substrate: what
  /// it did not report on is not there, so nothing carries what was released.
  mutating func note(_ outcome: Agent.Outcome, of wanted: [InfrastructureRecord]) {
    for device in Set(pool.rows.flatMap(\.awaiting)) { pool.confirmAll(device) }
    for (name, record) in records where record.standing.phase == .ending { records[name] = nil }
    for record in wanted {
      let failure = outcome.failures[record.admission.number]
      if failure == nil { records[record.name]?.standing.phase = .running }
      let warning = outcome.warnings[record.admission.number]?.first
      records[record.name]?.standing.cause = (failure ?? warning)?.message
    }
  }
}
