import Agent
import Infrastructure
import Planning
import Quantities

extension Cloud {
  /// Notes what has come of infrastructures that are being built or ended, as far as it is known.
  func judge() {
    let settled = agenda.withLock { $0.settledRevision }
    let state = writer.state
    let stations = stations.withLock { $0 }
    let reports = Reports(stations)
    let verdicts = state.ledger.inFlight.compactMap { name -> Verdict? in
      // What was decided after the last plans is not judged by them.
      guard let record = state.records[name], record.standing.revision <= settled else { return nil }
      return Verdict(record, stations, reports, lost: { state.hosts[$0]?.state == .lost })
    }
    if !verdicts.isEmpty { note(verdicts) }
    // A note of a cause, say, is a decision, too: what is not planned since would never be judged.
    let isBehind = state.ledger.inFlight.contains { (state.records[$0]?.standing.revision ?? 0) > settled }
    if isBehind { needsSettling() }
    judgeWholeOperations(stations, settled)
  }

  private func note(_ verdicts: [Verdict]) {
    let planner = planner
    writer.submit(
      { [weak self] state, turn in
        var ended: [Operation] = []
        for verdict in verdicts {
          guard state.records[verdict.name]?.standing.revision == verdict.revision else {
            // Somebody decided something else meanwhile: that is planned, and judged anew.
            turn.needsSettling = true
            continue
          }
          ended += state.apply(verdict, &turn, planner)
        }
        let done = ended
        return { [weak self] in self?.finished(done) }
      }, refuse: { [weak self] in self?.retrySoon($0) })
  }

  /// Tells whoever waits for operations that they have ended.
  func finished(_ operations: [Operation]) {
    for operation in operations {
      for answer in progress.withLock({ $0.end(operation) }) { answer() }
    }
  }

  /// The infrastructure failed before anything was tried.
  func fail(_ name: Name, _ problem: Problem) {
    let planner = planner
    writer.submit(
      { [weak self] state, turn in
        guard let record = state.records[name] else { return {} }
        let ended = state.apply(
          Verdict(name: name, revision: record.standing.revision, kind: .failed(problem)), &turn, planner)
        return { [weak self] in self?.finished(ended) }
      }, refuse: { [weak self] in self?.retrySoon($0) })
  }

  /// Nothing could be settled: whoever waits is told, and it is tried again.
  func failAll(_ problem: Problem) {
    let running = progress.withLock { Array($0.running.values) }
    guard !running.isEmpty else { return }
    end(running.map { ($0.id, problem) })
  }

  /// Operations on the substrate as a whole end when this machine's devices look as they should.
  private func judgeWholeOperations(_ stations: Stations, _ settled: Int64) {
    let whole = progress.withLock { $0.running.values.filter { $0.isWhole && $0.revision <= settled } }
    guard !whole.isEmpty, let local = stations.all[nil] else { return }
    if let problem = local.problem {
      end(whole.map { ($0.id, problem) })
    } else if local.applied >= local.given {
      end(whole.map { ($0.id, nil) })
    }
  }

  /// Ends operations, durably.
  func end(_ operations: [(id: String, problem: Problem?)]) {
    writer.submit(
      { [weak self] state, turn in
        let ended = operations.compactMap { state.finish($0.id, $0.problem, [], turn.time) }
        return { [weak self] in self?.finished(ended) }
      }, refuse: { [weak self] in self?.retrySoon($0) })
  }

  func retrySoon(_ error: any Error) { agenda.withLock { $0.retry = .now + .seconds(10) } }
}

/// What the stations have said of single infrastructures, by number.
private struct Reports {
  private(set) var failures: [UInt32: Problem] = [:]
  private(set) var warnings: [UInt32: [Problem]] = [:]

  init(_ stations: Stations) {
    for station in stations.all.values {
      failures.merge(station.failures) { first, _ in first }
      warnings.merge(station.warnings, uniquingKeysWith: +)
    }
  }
}

/// What came of an infrastructure that was being built or ended.
struct Verdict: Sendable {
  enum Kind: Sendable {
    case running([Problem])
    case gone
    case failed(Problem)
  }

  var name: Name
  var revision: Int64
  var kind: Kind
}

extension Verdict {
  /// Nil where not all stations that it needs have said what came of it.
  fileprivate init?(
    _ record: InfrastructureRecord, _ stations: Stations, _ reports: Reports, lost isLost: (Name) -> Bool
  ) {
    let number = record.admission.number
    let isBuilding = record.standing.phase == .building
    // What was moved away from a lost host runs without it: its agent has stopped what was there.
    let missing = stations.missing(number).filter { name in
      guard isBuilding, let name, isLost(name) else { return true }
      return stations.all[name]?.plans.contains { $0.slices.contains { $0.number == number } } ?? false
    }
    (name, revision) = (record.name, record.standing.revision)
    if let problem = missing.lazy.compactMap({ stations.all[$0]?.problem }).first {
      kind = .failed(problem)
    } else if !missing.isEmpty {
      return nil
    } else if !isBuilding {
      kind = .gone
    } else {
      kind = reports.failures[number].map(Kind.failed) ?? .running(reports.warnings[number] ?? [])
    }
  }
}

extension CloudState {
  /// Applies a verdict; the operations that end by it.
  mutating func apply(_ verdict: Verdict, _ turn: inout Writer.Turn, _ planner: Planner) -> [Operation] {
    guard let record = records[verdict.name] else { return [] }
    let name = verdict.name
    switch verdict.kind {
    case .running(let warnings):
      records[name]?.standing.phase = record.standing.isPaused ? .paused : .running
      records[name]?.standing.cause = warnings.first?.message
      previous[name] = nil
      turn.tell(record, record.standing.isPaused ? "paused" : "running", cause: warnings.first?.message)
      return finish(target: name, kinds: Operation.building, nil, warnings, turn.time)
    case .gone:
      turn.write(usageOf: record, until: turn.time, on: self)
      records[name] = nil
      previous[name] = nil
      turn.tell(record, "gone", cause: record.standing.cause)
      return finish(target: name, kinds: Operation.building, .endedMeanwhile(name), [], turn.time)
        + finish(target: name, kinds: ["end", "release"], nil, [], turn.time)
    case .failed(let problem) where record.standing.phase == .ending:
      // It goes on ending, and is tried again; who waited is told.
      records[name]?.standing.cause = problem.message
      return finish(target: name, kinds: ["end"], problem, [], turn.time)
    case .failed(let problem):
      takeBack(record, problem, planner)
      turn.needsSettling = true
      turn.tell(record, "failed", cause: problem.message)
      return finish(target: name, kinds: Operation.building, problem, [], turn.time)
    }
  }

  /// What cannot be built is not kept: what was there before comes back, or nothing of it stays but what it reserves.
  private mutating func takeBack(_ record: InfrastructureRecord, _ problem: Problem, _ planner: Planner) {
    guard let before = previous[record.name] else {
      records[record.name]?.standing.phase = .failed
      records[record.name]?.standing.cause = problem.message
      return
    }
    planner.release(record.admission, except: before, on: substrate, in: &pool)
    var admission = before
    do throws(Problem) {
      try admission.allotVLANs(from: &pool)
      try admission.checkVLANs(on: substrate)
    } catch {
      records[record.name]?.standing.phase = .failed
      records[record.name]?.standing.cause = error.message
      return
    }
    records[record.name]?.admission = admission
    records[record.name]?.standing.cause = problem.message
    previous[record.name] = nil
  }

  mutating func finish(
    target: Name, kinds: Set<String>, _ problem: Problem?, _ warnings: [Problem], _ time: Timestamp
  ) -> [Operation] {
    ledger.underWay[target.description, default: []].compactMap { id in
      guard let operation = operations[id], kinds.contains(operation.kind) else { return nil }
      return finish(id, problem, warnings, time)
    }
  }

  /// Ends an operation; nil where it has ended already.
  mutating func finish(
    _ id: String, _ problem: Problem?, _ warnings: [Problem], _ time: Timestamp
  ) -> Operation? {
    guard var operation = operations[id], operation.state == .running else { return nil }
    operation.state = problem == nil ? .done : .failed
    operation.problem = problem
    operation.warnings = warnings
    operation.finished = time
    // Above whatever was told of its progress.
    operation.version += 1_000_000
    operations[id] = operation
    return operation
  }
}

extension Problem {
  static func endedMeanwhile(_ name: Name) -> Problem {
    Problem(
      .failed, "ended-meanwhile", "Infrastructure \(name) was ended while it was being built.",
      remedy: "Run 'virtcloud list'.")
  }
}
