import Agent
import Dispatch
import Infrastructure
import Planning
import Quantities
import Reservations

/// What a host's agent is given.
public struct PlanDelivery: Sendable {
  public var generation: UInt64
  /// Nil: nothing is newer than what it has.
  public var plans: [HostPlan]?
  /// The end of each slice's lease, seconds since 1970, by the infrastructure's number.
  public var leaseEnds: [UInt32: Int64]
  /// Seconds of silence after which the agent must stop the slice's machines.
  public var fences: [UInt32: Int64]
}

/// What a host's agent says came of its plans.
public struct HostOutcome: Sendable {
  public var host: Name
  public var generation: UInt64
  public var outcome: Agent.Outcome
  /// What failed for the host as a whole.
  public var problem: Problem?

  public init(host: Name, generation: UInt64, outcome: Agent.Outcome, problem: Problem? = nil) {
    (self.host, self.generation, self.outcome, self.problem) = (host, generation, outcome, problem)
  }
}

/// Which agent speaks.
public struct AgentIdentity: Hashable, Codable, Sendable {
  public var host: Name
  /// SHA-256 of its certificate's key: a second agent with another one is refused while the first lives.
  public var fingerprint: String
  public var version: String
  public var address: String?

  public init(host: Name, fingerprint: String, version: String, address: String?) {
    (self.host, self.fingerprint, self.version, self.address) = (host, fingerprint, version, address)
  }
}

extension Cloud {
  /// Listens to the agent in this process.
  func listenToLocalAgent() {
    localAgent.listen(
      LocalAgent.Listener(
        step: { [weak self] step in self?.advance(step) },
        done: { [weak self] generation, result in self?.localAgentIsDone(generation, result) }))
  }

  /// Hands the agent's steps to every operation that is under way: they share one apply.
  private func advance(_ step: Agent.Step) {
    let answers = progress.withLock { board in
      board.running.keys.flatMap { id in
        board.change(id) { operation in
          switch step {
          case .begins(let title, let total): operation.progress = .init(title: title, done: 0, total: total)
          case .advances: operation.progress.done += 1
          }
        }
      }
    }
    for answer in answers { answer() }
  }

  private func localAgentIsDone(_ generation: UInt64, _ result: Result<Agent.Outcome, any Error>) {
    switch result {
    case .success(let outcome): take(outcome, nil, from: nil, generation: generation)
    case .failure(let error):
      stations.withLock { $0.all[nil]?.problem = Problem(any: error) }
      agenda.withLock {
        $0.retry = .now + .seconds(10)
        // It is applied again though nothing changed.
        $0.poked.insert(0)
      }
      judge()
    }
  }

  /// Answers as soon as the host's plans are newer than `generation`, or after `seconds`. Hearing of the agent is a sign
  /// of life.
  ///
  /// - Parameter answer: Throws `agent-name-taken` where another agent of that name lives, `.notFound` where the
  ///   substrate has no such host with an agent of its own.
  public func plans(
    for host: Name, after generation: UInt64, seconds: Double, agent: AgentIdentity,
    answer: @escaping Answer<PlanDelivery>
  ) {
    do { try hear(agent) } catch { return answer(.failure(error)) }
    let number = waitNumbers.wrappingAdd(1, ordering: .relaxed).newValue
    let isReady = stations.withLock { stations in
      var station = stations.all[host] ?? Station()
      defer { stations.all[host] = station }
      // Its own host forgot everything: it starts again.
      if generation > station.given, station.given > 0 { return true }
      guard station.given <= generation || station.given == 0 else { return true }
      guard seconds > 0 else { return true }
      station.waiting.append(
        Station.Waiting(number: number, after: generation) { [weak self] in
          guard let self else { return }
          answer(.success(delivery(to: host, after: generation)))
        })
      return false
    }
    guard !isReady else { return answer(.success(delivery(to: host, after: generation))) }
    timers.asyncAfter(deadline: .now() + min(seconds, 60)) { [weak self] in
      guard let self else { return }
      let isWaiting = stations.withLock { stations in
        guard let index = stations.all[host]?.waiting.firstIndex(where: { $0.number == number }) else { return false }
        stations.all[host]?.waiting.remove(at: index)
        return true
      }
      if isWaiting { answer(.success(delivery(to: host, after: generation))) }
    }
  }

  private func delivery(to host: Name, after generation: UInt64) -> PlanDelivery {
    let station = stations.withLock { $0.all[host] } ?? Station()
    let state = writer.state
    var delivery = PlanDelivery(generation: station.given, plans: nil, leaseEnds: [:], fences: [:])
    if station.given > 0, station.given != generation { delivery.plans = station.plans }
    for slice in station.plans.flatMap(\.slices) {
      guard let record = state.records[slice.infrastructure] else { continue }
      if let end = record.standing.ends { delivery.leaseEnds[slice.number] = end }
      if record.standing.restartsElsewhere { delivery.fences[slice.number] = Int64(settings.fenceAfter) }
    }
    return delivery
  }

  /// Looks whether an agent may speak for its host, without taking it for a sign of life.
  ///
  /// - Throws: `agent-name-taken` where another agent of that name lives, `.notFound` where the substrate has no such
  ///   host with an agent of its own.
  public func check(_ agent: AgentIdentity) throws(Problem) {
    guard remoteHosts(of: writer.state).contains(agent.host) else {
      throw Problem(
        .notFound, "no-such-host", "The substrate has no real host '\(agent.host)' with an agent of its own.",
        remedy: "Add it to the substrate file with 'kind: real', and apply that.")
    }
    try check(agent, stations.withLock { $0.all[agent.host] })
  }

  private func check(_ agent: AgentIdentity, _ station: Station?) throws(Problem) {
    guard let station, let other = station.identity, other.fingerprint != agent.fingerprint,
      let heard = station.heard, (ContinuousClock.now - heard) / .seconds(1) < settings.lostAfter
    else { return }
    throw Problem(
      .refused, "agent-name-taken", "Another agent works host \(agent.host) already, from \(other.address ?? "?").",
      remedy: "Stop that one, or enrol this host under its own name.")
  }

  /// Notes a sign of life.
  private func hear(_ agent: AgentIdentity) throws {
    try check(agent)
    let isNew = try stations.withLock { stations in
      var station = stations.all[agent.host] ?? Station()
      try check(agent, station)
      let isNew = station.identity != agent
      station.identity = agent
      station.heard = .now
      stations.all[agent.host] = station
      return isNew
    }
    if isNew { remember(agent) }
  }

  private func remember(_ agent: AgentIdentity) {
    writer.submit(
      { state, turn in
        guard state.agents[agent.host] != agent else { return {} }
        state.agents[agent.host] = agent
        turn.tell("host", agent.host.description, "connected", cause: agent.version)
        return {}
      }, refuse: { [weak self] in self?.retrySoon($0) })
    needsSettling()
  }

  /// Takes note of what an agent reports.
  public func note(
    _ report: HostOutcome, from agent: AgentIdentity, answer: @escaping Answer<Void>
  ) {
    do { try hear(agent) } catch { return answer(.failure(error)) }
    take(report.outcome, report.problem, from: report.host, generation: report.generation)
    answer(.success(()))
  }

  /// What a station has applied: confirms removals, and judges what waited for it.
  func take(_ outcome: Agent.Outcome, _ problem: Problem?, from name: Name?, generation: UInt64) {
    let confirmable = stations.withLock { stations -> [NetworkOwner] in
      guard var station = stations.all[name] else { return [] }
      station.problem = problem
      station.running = outcome.running
      station.failures = outcome.failures
      station.warnings = outcome.warnings
      defer { stations.all[name] = station }
      guard problem == nil else { return [] }
      station.applied = max(station.applied, generation)
      return generation == station.given ? station.confirmable : []
    }
    if problem == nil { confirm(confirmable, by: name) }
    judge()
  }

  /// What was released before the plans were made is gone from the station's devices now.
  private func confirm(_ owners: [NetworkOwner], by name: Name?) {
    let state = writer.state
    guard !owners.isEmpty, owners.contains(where: state.pool.waiting.contains) else { return }
    let planner = planner
    let remote = remoteHosts(of: state)
    writer.submit(
      { state, _ in
        let namespaces = planner.namespaces(ofHosts: remote, on: state.substrate)
        for owner in owners {
          for device in Set(state.pool.rows(of: owner).flatMap(\.awaiting)) {
            // The controller's own agent speaks for all that is not another's, also for what is gone from the substrate.
            let isItsOwn = name.map { namespaces[$0] == device } ?? !namespaces.values.contains(device)
            if isItsOwn { state.pool.confirm(device, of: owner) }
          }
        }
        return {}
      }, refuse: { [weak self] in self?.retrySoon($0) })
  }

  /// Notices hosts whose agents are silent, and those that are back; on the settler's queue.
  func watchHosts() {
    let state = writer.state
    let remote = remoteHosts(of: state)
    guard !remote.isEmpty else { return }
    let now = ContinuousClock.now
    let stations = stations.withLock { $0.all }
    for host in remote.sorted() {
      let silence = (now - (stations[host]?.heard ?? began)) / .seconds(1)
      let standing = state.hosts[host]?.state ?? .ready
      if silence > settings.lostAfter, standing != .lost, state.agents[host] != nil { lose(host, standing) }
      if stations[host]?.heard != nil, silence <= settings.lostAfter, standing == .lost { find(host) }
      if silence > 2 * settings.fenceAfter, standing == .lost { restart(host) }
    }
  }

  private func lose(_ host: Name, _ before: HostStanding.State) {
    changeQuietly { state, turn in
      state.hosts[host] = HostStanding(state: .lost, before: before)
      turn.tell("host", host.description, "lost", cause: "its agent is silent")
      for record in state.sorted where record.admission.embedding.placement.values.contains(host) {
        state.records[record.name]?.standing.cause = "host \(host) is lost"
        turn.tell(record, "impaired", cause: "host \(host) is lost")
      }
    }
  }

  private func find(_ host: Name) {
    changeQuietly { state, turn in
      let before = state.hosts[host]?.before ?? .ready
      state.hosts[host] = before == .ready ? nil : HostStanding(state: before)
      turn.tell("host", host.description, "found")
      for record in state.sorted where record.standing.cause == "host \(host) is lost" {
        state.records[record.name]?.standing.cause = nil
      }
      turn.needsSettling = true
    }
  }

  /// Its agent has stopped what shall run elsewhere by now, whether or not it lives.
  private func restart(_ host: Name) {
    let state = writer.state
    let isConcerned = state.records.values.contains {
      $0.standing.restartsElsewhere && $0.standing.phase != .ending
        && $0.admission.embedding.placement.values.contains(host)
    }
    // What found no room is tried again as other things end; not each second.
    let isDue = agenda.withLock { agenda in
      guard agenda.restartRetry.map({ $0 <= .now }) ?? true else { return false }
      agenda.restartRetry = .now + .seconds(10)
      return true
    }
    guard isConcerned, isDue else { return }
    changeQuietly { [self] state, turn in _ = state.leave(host, self, &turn) }
  }

  /// Tells owners that their leases end soon, once for each of the stated times before.
  func warnOfEnds(_ time: Timestamp) {
    guard !settings.warnings.isEmpty else { return }
    @Sendable func due(_ record: InfrastructureRecord) -> [Int64]? {
      guard let end = record.standing.ends, record.standing.phase != .ending, end > time.seconds else { return nil }
      guard let near = settings.warnings.filter({ end - $0 <= time.seconds }).min() else { return nil }
      return record.standing.warned == [end, near] ? nil : [end, near]
    }
    guard writer.state.records.values.contains(where: { due($0) != nil }) else { return }
    changeQuietly { state, turn in
      for record in state.sorted {
        guard let warned = due(record) else { continue }
        state.records[record.name]?.standing.warned = warned
        turn.tell(
          "lease", record.name.description, "ends-soon", by: record.standing.caller,
          cause: "it ends at \(Timestamp(seconds: warned[0]))")
      }
    }
  }

  private func changeQuietly(_ body: @escaping @Sendable (inout CloudState, inout Writer.Turn) -> Void) {
    writer.submit(
      { state, turn in
        body(&state, &turn)
        return {}
      }, refuse: { [weak self] in self?.retrySoon($0) })
  }

  /// Forgets offers that have lapsed and operations that ended a day ago; on the settler's queue.
  func lapse(_ time: Timestamp) {
    let state = writer.state
    let old = Timestamp(seconds: time.seconds - 86400)
    let hasLapsed = state.offers.contains { time >= $0.value.expires }
    let isForgetting =
      time.seconds % 60 == 0 && state.operations.contains { $0.value.finished.map { $0 < old } ?? false }
    guard hasLapsed || isForgetting else { return }
    changeQuietly { state, _ in
      state.lapse(time)
      state.operations.keep { _, operation in operation.finished.map { $0 >= old } ?? true }
    }
  }
}
