import Agent
import Dispatch
import Infrastructure
import Planning
import Quantities

extension Cloud {
  /// Has the devices brought to what is decided, soon.
  func needsSettling() {
    let begins = agenda.withLock { agenda in
      guard !agenda.isScheduled, !agenda.isStopped else { return false }
      agenda.isScheduled = true
      return true
    }
    guard begins else { return }
    // Settling takes a fifth of a processor at most: what comes in quick succession is settled together.
    let pause = agenda.withLock { $0.settled.map { max(0, 4 * $0.took - (.now - $0.at) / .seconds(1)) } ?? 0 }
    if pause > 0.001 {
      settler.asyncAfter(deadline: .now() + min(pause, 1)) { self.settle() }
    } else {
      settler.async { self.settle() }
    }
  }

  /// Once a second, on the settler's queue: what time brings.
  func tick() {
    let time = now()
    let isDue = agenda.withLock { agenda in
      if agenda.isStopped { return false }
      return agenda.nextEvent.map { $0 <= time } ?? false || agenda.retry.map { $0 <= .now } ?? false
    }
    watchHosts()
    warnOfEnds(time)
    lapse(time)
    if isDue { settle() }
  }

  /// Begins and ends what is due, plans, and hands out what changed; on the settler's queue.
  func settle() {
    let poked = agenda.withLock { agenda in
      agenda.isScheduled = false
      agenda.retry = nil
      defer { agenda.poked = [] }
      return agenda.isStopped ? nil : agenda.poked
    }
    guard let poked else { return }
    let start = ContinuousClock.now
    do {
      try beginAndEndWhatIsDue()
      let state = writer.state
      let time = now()
      try distribute(try plans(for: state, at: time), of: state, poked: poked)
      let next = state.nextEvent(after: time)
      agenda.withLock {
        $0.nextEvent = next
        $0.settledRevision = state.revision
        if next.map({ $0 <= time }) ?? false { $0.retry = .now + .seconds(10) }
      }
    } catch {
      agenda.withLock {
        $0.retry = .now + .seconds(10)
        $0.poked.formUnion(poked)
      }
      failAll(Problem(any: error))
    }
    let took = (ContinuousClock.now - start) / .seconds(1)
    settleTally.add(seconds: took)
    agenda.withLock { $0.settled = (took, .now) }
    judge()
  }

  private func beginAndEndWhatIsDue() throws {
    let time = now()
    let planner = planner
    let isDue = writer.state.records.values.contains {
      $0.isDue(at: time) || $0.isOver(at: time) && $0.standing.phase != .ending
    }
    guard isDue else { return }
    try writer.change { state, turn in
      for record in state.sorted where record.isOver(at: time) && record.standing.phase != .ending {
        state.end(record.name, because: "its lease ended", planner)
        turn.tell(record, "ending", cause: "its lease ended")
      }
      for record in state.sorted where record.isDue(at: time) {
        state.begin(record.name)
        if let record = state.records[record.name] {
          turn.tell(record, record.standing.phase.rawValue, cause: record.standing.cause)
        }
      }
    }
  }

  /// The plans by station. An infrastructure that cannot be planned fails by itself, and keeps nobody waiting.
  private func plans(for state: CloudState, at time: Timestamp) throws -> [Name?: [HostPlan]] {
    let wanted = state.sorted.filter { $0.isPlanned(at: time) }
    let admissions = wanted.map { $0.admission(at: time) }
    do throws(Problem) {
      return group(try planner.plans(on: wiring(state.ledger), admissions: admissions, generation: 0), state)
    } catch {
      var sound: [Admission] = []
      for admission in admissions {
        do throws(Problem) {
          try planner.check(admission, on: wiring(state.ledger))
          sound.append(admission)
        } catch { fail(admission.infrastructure.name, error) }
      }
      // All at once may fail where each alone does not; then it is nobody's in particular.
      return group(try planner.plans(on: wiring(state.ledger), admissions: sound, generation: 0), state)
    }
  }

  private func group(_ plans: [HostPlan], _ state: CloudState) -> [Name?: [HostPlan]] {
    let remote = remoteHosts(of: state)
    let paused = Set(state.records.values.filter(\.standing.isPaused).map(\.admission.number))
    var plans = plans
    if !paused.isEmpty {
      for index in plans.indices {
        for slice in plans[index].slices.indices where paused.contains(plans[index].slices[slice].number) {
          plans[index].slices[slice].isPaused = true
        }
      }
    }
    return Dictionary(grouping: plans) { !$0.isSwitch && remote.contains($0.device) ? $0.device : nil }
  }

  /// Hosts with an agent of their own; made once for each substrate, for every agent's every request asks.
  func remoteHosts(of state: CloudState) -> Set<Name> {
    keptRemoteHosts.withLock { kept in
      if let kept, kept.number == state.ledger.substrateNumber { return kept.hosts }
      let hosts = state.substrate.hosts.filter {
        $0.kind == .real && !(settings.hasLocalAgent && $0.name == ThisMachine.name)
      }.map(\.name)
      let made = Set(hosts)
      kept = (state.ledger.substrateNumber, made)
      return made
    }
  }

  private func distribute(_ plans: [Name?: [HostPlan]], of state: CloudState, poked: Set<UInt32>) throws {
    // Compared without the lock: only settling changes plans, and everybody who looks at the cloud needs it.
    let changed = stations.withLock { $0 }.changed(by: plans, poked: poked)
    guard !changed.isEmpty else { return }
    // Durable before anybody sees it: no generation is ever given twice.
    let generation = try writer.change { state, _ in
      state.generation += 1
      return state.generation
    }
    let inFlight = Set(state.ledger.inFlight.compactMap { state.records[$0]?.admission.number })
    let wakes = stations.withLock { stations in
      stations.give(
        plans, to: changed, generation: generation, inFlight: inFlight.union(poked),
        confirmable: Array(state.pool.waiting))
      return changed.flatMap { stations.wake($0) }
    }
    for wake in wakes { wake() }
    if changed.contains(nil) {
      if settings.hasLocalAgent {
        localAgent.apply(stations.withLock { $0.all[nil]?.plans ?? [] }, generation: generation)
      } else {
        // Nobody works here; what is emulated of a substrate is nowhere then.
        take(Agent.Outcome(), nil, from: nil, generation: generation)
      }
    }
  }
}

extension InfrastructureRecord {
  /// True where its machines should be there, and it has begun.
  func isPlanned(at time: Timestamp) -> Bool {
    isWanted(at: time) && standing.phase != .reserved && standing.phase != .failed
  }
}

extension CloudState {
  /// The next moment after `now` at which a lease starts, changes or ends; `now` where one should have already.
  func nextEvent(after now: Timestamp) -> Timestamp? {
    records.values.compactMap { record in
      record.standing.phase == .ending ? nil : record.isDue(at: now) ? now : record.nextEvent(after: now)
    }.min()
  }
}

extension Problem {
  /// Any error as a problem.
  init(any error: any Error) {
    self =
      error as? Problem ?? (error as? Declined)?.problem
      ?? Problem(.failed, "internal", "\(error)", remedy: "See the controller's log; report this if it comes again.")
  }
}
