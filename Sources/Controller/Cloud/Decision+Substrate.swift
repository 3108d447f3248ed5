import Embedding
import Infrastructure
import Quantities
import Reservations

extension Decision {
  func moveEnd(
    _ name: Name, _ end: Order.LeaseEnd, _ state: inout CloudState, _ turn: inout Writer.Turn
  ) throws -> Made {
    var record = try state.record(name)
    let end = try moment(end, record)
    guard end > time, end > record.interval.lowerBound else {
      let begins = record.interval.lowerBound > time ? ", and it starts at \(record.interval.lowerBound)" : ""
      throw Problem(
        .invalid, "end-in-past", "The lease of \(name) cannot end at \(end): it is \(time)\(begins).",
        remedy: "Give a later end, or end it now with 'virtcloud down \(name)'.")
    }
    try end.checkIsWritable(asEndOf: name)
    var longer = record
    longer.standing.ends = end == .distantFuture ? nil : end.seconds
    try state.check(longer, within: limits, at: time)
    do throws(Shortage) { try state.moveEnd(of: &record, to: end, at: time) } catch {
      throw Controller.refusedExtension(record, end, error, state.substrate)
    }
    turn.tell("lease", name.description, "moved", by: record.standing.caller, cause: "it ends at \(end)")
    turn.needsSettling = true
    return (operation(name.description, isRunning: false, results: [end.description]), nil)
  }

  private func moment(_ end: Order.LeaseEnd, _ record: InfrastructureRecord) throws -> Timestamp {
    switch end {
    case .at(let time): return time
    case .later(let span):
      guard let present = record.standing.ends else {
        throw Problem(
          .invalid, "no-end", "\(record.name) has no end that could be moved.", remedy: "Give it one with --until TIME."
        )
      }
      return Timestamp(seconds: present) + span
    }
  }

  func apply(_ substrate: Substrate, _ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    try Controller.checkFits(substrate, state)
    // Offers were looked for on what was in force until now.
    if state.applied != substrate { state.offers.keep { _, _ in false } }
    state.applied = substrate
    state.ledger.rebuild(from: state)
    state.pool.setAllowed(
      Dictionary(substrate.sites.map { ($0.name, $0.vlans) }, uniquingKeysWith: { first, _ in first }))
    turn.tell("substrate", substrate.name.description, "applied", by: caller)
    return (operation("substrate", isRunning: true), 0)
  }

  func removeSubstrate(_ state: inout CloudState, _ turn: inout Writer.Turn) throws -> Made {
    if let name = state.records.keys.min() {
      throw Problem(
        .refused, "substrate-in-use", "Infrastructure \(name) still runs on the substrate.",
        remedy: "Take it down first: virtcloud down \(name)")
    }
    let before = state.applied
    state.applied = nil
    state.offers.keep { _, _ in false }
    state.hosts.keep { _, _ in false }
    state.ledger.rebuild(from: state)
    state.pool = VLANPool(state.machine)
    if let before { turn.tell("substrate", before.name.description, "removed", by: caller) }
    return (operation("substrate", isRunning: true, results: before.map { [$0.name.description] } ?? []), 0)
  }

  func cordon(
    _ host: Name, _ wanted: HostStanding.State, _ state: inout CloudState, _ turn: inout Writer.Turn
  ) throws -> Made {
    guard state.substrate.hosts.contains(where: { $0.name == host }) else {
      throw Problem(
        .notFound, "no-such-host", "The substrate has no host '\(host)'.",
        remedy: "Its hosts are: \(state.substrate.hosts.prefix(20).map(\.name.description).joined(separator: ", ")).")
    }
    let before = state.hosts[host]?.state ?? .ready
    guard before != .lost || wanted != .ready else {
      throw Problem(
        .refused, "host-lost", "Host \(host) is lost: nobody hears of its agent.",
        remedy: "Start its agent; it is ready again by itself.")
    }
    state.hosts[host] = wanted == .ready ? nil : HostStanding(state: wanted)
    turn.tell("host", host.description, wanted == .ready ? "ready" : wanted.rawValue, by: caller)
    let moved = wanted == .draining ? state.leave(host, cloud, &turn) : []
    turn.needsSettling = turn.needsSettling || !moved.isEmpty
    return (operation(host.description, isRunning: false, results: moved), nil)
  }
}

extension CloudState {
  /// Places anew what is on a host and may be restarted elsewhere; in words, what became of each infrastructure there.
  mutating func leave(_ host: Name, _ cloud: Cloud, _ turn: inout Writer.Turn) -> [String] {
    var words: [String] = []
    for record in sorted where record.standing.phase != .ending {
      guard record.admission.embedding.placement.values.contains(host) else { continue }
      guard record.standing.restartsElsewhere || record.standing.phase == .reserved else {
        words.append("\(record.name) stays: its owner did not ask for a restart elsewhere")
        continue
      }
      do {
        var trial = self
        try trial.move(record, from: host, cloud, turn.time)
        self = trial
        turn.tell(record, "building", cause: "moved away from host \(host)")
        turn.needsSettling = true
        words.append("\(record.name) moves")
      } catch {
        records[record.name]?.standing.cause = "host \(host): \(Problem(any: error).message)"
        words.append("\(record.name) stays: \(Problem(any: error).message)")
      }
    }
    return words
  }

  private mutating func move(_ record: InfrastructureRecord, from host: Name, _ cloud: Cloud, _ time: Timestamp) throws
  {
    var kept = record.admission.embedding
    kept.placement = kept.placement.filter { $0.value != host }
    let admitting = cloud.admitting(Order.BuildMode(), time, for: record.standing.caller)
    let admission = try admitting.place(record, keeping: kept, &self)
    records[record.name]?.admission = admission
    if record.standing.phase != .reserved { records[record.name]?.standing.phase = .building }
  }
}
