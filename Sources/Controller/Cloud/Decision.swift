import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// An order being decided, within the writer's turn.
struct Decision {
  let order: Order
  let caller: Caller
  let candidate: Candidate?
  /// Quotas to keep to.
  let limits: [Limit]
  let cloud: Cloud
  let time: Timestamp

  /// What was decided; `poke` is the number of an infrastructure whose devices look again though nothing changed.
  typealias Made = (operation: Operation, poke: UInt32?)

  func make(_ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    switch order {
    case .build(let request, let mode): return try build(request, mode, &state, &turn)
    case .take(let offer): return try take(offer, &state, &turn)
    case .change(let name, let changes):
      let request = try state.request(name, changedBy: changes, at: time)
      return try build(request, Order.BuildMode(), &state, &turn)
    case .end(let name): return try end(name, &state, &turn)
    case .release(let name): return try release(name, &state, &turn)
    case .moveEnd(let name, let end): return try moveEnd(name, end, &state, &turn)
    case .retry(let name): return try retry(name, &state, &turn)
    case .pause(let name): return try pause(name, true, &state, &turn)
    case .resume(let name): return try pause(name, false, &state, &turn)
    case .applySubstrate(let substrate): return try apply(substrate, &state, &turn)
    case .removeSubstrate: return try removeSubstrate(&state, &turn)
    case .cordon(let host): return try cordon(host, .cordoned, &state, &turn)
    case .drain(let host): return try cordon(host, .draining, &state, &turn)
    case .uncordon(let host): return try cordon(host, .ready, &state, &turn)
    case .collectGarbage: return (operation("substrate", isRunning: true), 0)
    }
  }

  func operation(_ target: String, isRunning: Bool, results: [String] = []) -> Operation {
    Operation(
      id: OperationID.next(at: time), kind: order.kind, target: target, caller: caller,
      state: isRunning ? .running : .done, created: time, finished: isRunning ? nil : time,
      progress: Operation.Progress(), version: 1, problem: nil, warnings: [], key: nil, revision: 0, results: results)
  }

  private func build(
    _ request: VirtualInfrastructure, _ mode: Order.BuildMode, _ state: inout CloudState, _ turn: inout Writer.Turn
  ) throws -> Made {
    try checkOwner(of: request.name, state)
    let admitted = try cloud.admitting(mode, time, for: caller).admit(request, &state, candidate: candidate?.embedding)
    return try enter(admitted, restarts: mode.restartsElsewhere, &state, &turn)
  }

  private func take(_ number: Int, _ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    guard let held = state.offers[number], time < held.expires else {
      let there = state.offers.filter { $0.value.caller.user == caller.user }.map(\.key).sorted().map { "\($0)" }
        .joined(separator: ", ")
      throw Problem(
        .notFound, "no-such-offer", "There is no offer \(number); it was taken, or it has lapsed.",
        remedy: there.isEmpty ? "Run 'virtcloud plan' again: it makes new ones." : "These are held for you: \(there).")
    }
    let request = held.offer.request
    try checkOwner(of: request.name, state)
    let admitted = try cloud.admitting(Order.BuildMode(), time, for: held.caller).admit(
      request, &state, taking: held.offer)
    state.dropOffers(for: request.name, of: held.caller.user)
    return try enter(admitted, restarts: false, &state, &turn)
  }

  /// Somebody else's name is taken.
  private func checkOwner(of name: Name, _ state: CloudState) throws {
    guard let record = state.records[name], !caller.mayReplace(record.standing.caller) else { return }
    throw Problem(
      .refused, "name-taken", "Somebody else has an infrastructure called \(name).",
      remedy: "Give yours another name: they are unique in a cloud.")
  }

  /// Writes down what was admitted.
  private func enter(
    _ admitted: Admitted, restarts: Bool, _ state: inout CloudState, _ turn: inout Writer.Turn
  ) throws -> Made {
    let name = admitted.admission.infrastructure.name
    let before = state.records[name].flatMap { $0.isOver(at: time) ? nil : $0 }
    var record = InfrastructureRecord(
      admission: admitted.admission,
      standing: before?.standing
        ?? InfrastructureRecord.Standing(
          phase: .building, caller: caller, created: time.seconds, starts: nil, ends: nil, cause: nil))
    record.standing.restartsElsewhere = restarts || record.standing.restartsElsewhere
    if admitted.change != .unchanged {
      let end = admitted.interval.upperBound
      record.standing.ends = end == .distantFuture ? nil : end.seconds
      record.standing.starts = admitted.interval.lowerBound.seconds
    }
    if admitted.change != .unchanged { try state.check(record, within: limits, at: time) }
    let isLater = admitted.interval.lowerBound > time
    if admitted.change == .changed, let before, [.running, .paused].contains(before.standing.phase) {
      state.previous[name] = before.admission
    }
    record.standing.phase = isLater ? .reserved : .building
    record.standing.cause = nil
    state.records[name] = record
    if before == nil { turn.tell(record, "requested") }
    turn.tell(record, record.standing.phase.rawValue)
    let operation = operation(name.description, isRunning: !isLater, results: [admitted.change.rawValue])
    return (operation, isLater ? nil : record.admission.number)
  }

  private func end(_ name: Name, _ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    let record = try state.record(name, mayBeEnding: true)
    guard record.standing.phase != .ending else { return (operation(name.description, isRunning: true), nil) }
    let cause = caller.user == record.standing.caller.user ? "its user ended it" : "\(caller.user) ended it"
    state.end(name, because: cause, cloud.planner)
    turn.tell(record, "ending", cause: cause)
    return (operation(name.description, isRunning: true), record.admission.number)
  }

  private func release(_ name: Name, _ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    let record = try state.record(name)
    guard record.standing.phase == .reserved else {
      throw Problem(
        .refused, "already-running",
        "\(name) is no mere reservation any more: it is \(record.standing.phase.rawValue).",
        remedy: "End it with 'virtcloud down \(name)', or end it early with 'virtcloud release \(name) --at TIME'.")
    }
    cloud.planner.release(record.admission, on: state.substrate, in: &state.pool)
    state.records[name] = nil
    turn.tell(record, "gone", cause: "released")
    return (operation(name.description, isRunning: false), nil)
  }

  private func retry(_ name: Name, _ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    let record = try state.record(name)
    guard record.standing.phase == .failed else {
      throw Problem(
        .refused, "not-failed", "\(name) has not failed: it is \(record.standing.phase.rawValue).",
        remedy: "There is nothing to try again; 'virtcloud up' with its file mends what has stopped.")
    }
    state.records[name]?.standing.phase = .building
    state.records[name]?.standing.cause = nil
    turn.tell(record, "building")
    return (operation(name.description, isRunning: true), record.admission.number)
  }

  private func pause(
    _ name: Name, _ isPaused: Bool, _ state: inout CloudState, _ turn: inout Writer.Turn
  ) throws -> Made {
    let record = try state.record(name)
    guard [.running, .paused, .building].contains(record.standing.phase) else {
      throw Problem(
        .refused, "not-running", "\(name) does not run: it is \(record.standing.phase.rawValue).",
        remedy: "Only what runs can be paused or resumed.")
    }
    guard record.standing.isPaused != isPaused else { return (operation(name.description, isRunning: false), nil) }
    state.records[name]?.standing.isPaused = isPaused
    state.records[name]?.standing.phase = .building
    turn.tell(record, isPaused ? "pausing" : "resuming")
    return (operation(name.description, isRunning: true), record.admission.number)
  }
}

extension Caller {
  /// True where this caller's file may stand for what that one holds: their own, or their project's.
  func mayReplace(_ other: Caller) -> Bool {
    user == other.user || user == "root" || (project != nil && project == other.project)
  }
}

extension CloudState {
  /// The infrastructure; throws `.notFound` with those that there are.
  func record(_ name: Name, mayBeEnding: Bool = false) throws(Problem) -> InfrastructureRecord {
    if let record = records[name], mayBeEnding || record.standing.phase != .ending { return record }
    let known = records.keys.sorted().prefix(20).map(\.description).joined(separator: ", ")
    throw Problem(
      .notFound, "no-such-infrastructure", "There is no infrastructure '\(name)'.",
      remedy: known.isEmpty ? "Nothing is up or reserved." : "There are: \(known).")
  }

  /// What an infrastructure would be after these changes.
  func request(
    _ name: Name, changedBy changes: [InfrastructureChange], at time: Timestamp
  ) throws -> VirtualInfrastructure {
    let record = try record(name)
    guard !record.isOver(at: time) else { throw Problem.endedMeanwhile(name) }
    var request = record.admission.infrastructure
    for change in changes {
      switch change {
      case .connect(let first, let second, let wire, let settings):
        _ = try request.connect(first, second, name: wire, as: settings)
      case .disconnect(let wire): try request.disconnect(wire)
      case .set(let kind, let network, let settings):
        let index = try request.position(of: network, kind)
        for setting in settings { try request.networks[index].apply(setting) }
      }
    }
    return request
  }
}

/// Names of operations: rising with time, unique over controllers.
enum OperationID {
  /// The second in hexadecimal and 64 random bits.
  static func next(at time: Timestamp) -> String {
    let random = UInt64.random(in: .min ... .max)
    return "op-\(String(time.seconds, radix: 16))-\(String(random, radix: 36))"
  }
}
