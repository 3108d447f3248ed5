import Dispatch
import Embedding
import Infrastructure
import Linux
import Planning
import Quantities
import Reservations
import Synchronization

extension Cloud {
  public typealias Answer<Value> = @Sendable (Result<Value, any Error>) -> Void

  /// Decides on an order. The answer comes from another thread, when the decision is durable; the work may go on then
  /// (`Operation.state`).
  ///
  /// Requests are embedded on what stood in the calendar when their turn came, several at once; users take turns. What
  /// somebody else took meanwhile is looked for anew, so that nothing is promised twice.
  ///
  /// - Parameters:
  ///   - limits: Quotas to keep to, else `quota-exceeded`.
  ///   - key: What the client calls it: the same key of the same user gives the same operation again.
  ///   - revision: Only if the infrastructure still has this revision (0: is not there); else `revision-changed`.
  ///   - answer: `Problem` or `Declined` (its offers held) where it is refused.
  public func submit(
    _ order: Order, by caller: Caller, within limits: [Limit] = [], key: String? = nil,
    expecting revision: Int64? = nil, answer: @escaping Answer<Operation>
  ) {
    let start = ContinuousClock.now
    if order.isAdmission { admissionsInHand.wrappingAdd(1, ordering: .relaxed) }
    let told: Answer<Operation> = { [self] result in
      if order.isAdmission {
        admissionsInHand.wrappingSubtract(1, ordering: .relaxed)
        admissionTally.add(seconds: (ContinuousClock.now - start) / .seconds(1))
        admissionCounts.withLock { if case .success = result { $0.admitted += 1 } else { $0.refused += 1 } }
      }
      answer(result)
    }
    guard order.isAdmission else {
      // What looks into the kernel first may wait for what is being applied; the caller does not.
      guard order.looksAround else { return decide(order, caller, limits, key, revision, nil, told) }
      admissions.add(for: caller.user) { [self] in decide(order, caller, limits, key, revision, nil, told) }
      return
    }
    admissions.add(for: caller.user) { [self] in
      do {
        let found = try candidate(for: order, caller)
        decide(order, caller, limits, key, revision, found, told)
      } catch let declined as Declined {
        hold(declined, for: caller, within: limits, told)
      } catch { told(.failure(error)) }
    }
  }

  /// As `submit`, for whoever can wait.
  public func submit(
    _ order: Order, by caller: Caller, within limits: [Limit] = [], key: String? = nil,
    expecting revision: Int64? = nil
  ) async throws -> Operation {
    try await withCheckedThrowingContinuation { continuation in
      submit(order, by: caller, within: limits, key: key, expecting: revision) { continuation.resume(with: $0) }
    }
  }

  private func decide(
    _ order: Order, _ caller: Caller, _ limits: [Limit], _ key: String?, _ revision: Int64?, _ candidate: Candidate?,
    _ answer: @escaping Answer<Operation>
  ) {
    let found: [String]
    do { found = try lookAround(order) } catch { return answer(.failure(error)) }
    writer.submit(
      { [self] state, turn in
        if let key, let known = state.operation(calledBy: key, of: caller) { return { answer(.success(known)) } }
        try state.check(order.target, has: revision)
        var decision = try Decision(
          order: order, caller: caller, candidate: candidate, limits: limits, cloud: self, time: turn.time
        ).make(&state, &turn)
        decision.operation.key = key
        decision.operation.revision = state.revision + 1
        decision.operation.results += found
        let operation = decision.operation
        state.operations[operation.id] = operation
        let poke = decision.poke
        turn.needsSettling = turn.needsSettling || operation.state == .running
        let event = Name(operation.target).flatMap { state.records[$0] }?.nextEvent(after: turn.time)
        return { [self] in
          // What is only reserved, or lasts otherwise, is not settled now, but in time.
          if let event { agenda.withLock { $0.nextEvent = min($0.nextEvent ?? event, event) } }
          if operation.state == .running { progress.withLock { $0.begin([operation]) } }
          if let poke { _ = agenda.withLock { $0.poked.insert(poke) } }
          answer(.success(operation))
        }
      },
      refuse: { [self] error in
        // Others were quicker: it is looked for once more among what is left, and then by itself.
        if let declined = error as? Declined {
          hold(declined, for: caller, within: limits, answer)
        } else {
          answer(.failure(error))
        }
      })
  }

  /// What is known only by looking into the kernel, before the order is decided.
  private func lookAround(_ order: Order) throws -> [String] {
    switch order {
    case .build(let request, _): try KernelNeeds.check(request)
    case .change(let name, let changes):
      try KernelNeeds.check(writer.state.request(name, changedBy: changes, at: now()))
    case .collectGarbage: return try leftovers()
    case .applySubstrate(let substrate): try checkReachable(substrate)
    default: break
    }
    return []
  }

  /// Finds room on what is known now; checked again when it is decided.
  private func candidate(for order: Order, _ caller: Caller) throws -> Candidate? {
    guard case .build(let request, let mode) = order else { return nil }
    var state = writer.state
    let time = now()
    state.lapse(time)
    let admitted = try admitting(mode, time, for: caller).admit(request, &state)
    return Candidate(embedding: admitted.admission.embedding)
  }

  func admitting(_ mode: Order.BuildMode, _ time: Timestamp, for caller: Caller) -> Admitting {
    var chosen = mode.embedder ?? embedder
    // Where many ask at once, each gets the first answer rather than the best: also those whose turn has come, for
    // the others wait for them. Who gives a seed or a budget wants the answer that these give.
    if mode.seed == nil, mode.budget == nil {
      chosen = chosen.hurrying { [weak self] in
        (self?.admissionsInHand.load(ordering: .relaxed) ?? 0) > Self.calm
      }
    }
    return Admitting(
      embedder: chosen, planner: planner, now: time, wiring: wiring(writer.state.ledger), user: caller.user)
  }

  /// Requests that may be in hand, from their arrival to their answer, before searches hurry.
  private static let calm = 2

  /// What plans need to know of the substrate, made once for each.
  func wiring(_ ledger: Ledger) -> Planner.Wiring {
    keptWiring.withLock { kept in
      if let kept, kept.number == ledger.substrateNumber { return kept.wiring }
      let made = planner.wiring(of: ledger.base)
      kept = (ledger.substrateNumber, made)
      return made
    }
  }

  /// Holds what could be had instead, as far as the limits go, and answers with it.
  func hold<Value>(
    _ declined: Declined, for caller: Caller, within limits: [Limit], _ answer: @escaping Answer<Value>
  ) {
    guard !declined.offers.isEmpty else { return answer(.failure(declined)) }
    writer.submit(
      { state, turn in
        var declined = declined
        let time = turn.time
        // Nobody kept others out while they were looked for.
        declined.offers = declined.offers.filter { state.shortage(of: $0, for: caller.user, at: time) == nil }
        let mayTake = declined.offers.filter { state.isWithin(limits, $0, for: caller, at: time) }
        declined.held = state.hold(mayTake, for: caller, until: time + HeldOffer.time, within: limits)
        for held in declined.held {
          turn.tell(
            "offer", "\(held.number)", "held", by: caller,
            cause: "\(held.offer.request.name): \(held.offer.difference)")
        }
        let told = declined
        return { answer(.failure(told)) }
      }, refuse: { answer(.failure($0)) })
  }

  /// Says what an order would do; where `holds` and it is refused, counter-offers are held. As `submit` else.
  public func propose(
    _ request: VirtualInfrastructure, mode: Order.BuildMode = Order.BuildMode(), by caller: Caller, holds: Bool,
    within limits: [Limit] = [], answer: @escaping Answer<Proposal>
  ) {
    admissions.add(for: caller.user) { [self] in
      do {
        var state = writer.state
        let time = now()
        state.lapse(time)
        let admitted = try admitting(mode, time, for: caller).admit(request, &state)
        answer(.success(try admitted.complete(state, at: time)))
      } catch let declined as Declined where holds {
        hold(declined, for: caller, within: limits, answer)
      } catch { answer(.failure(error)) }
    }
  }

  /// The same for a change of what runs.
  public func propose(
    _ changes: [InfrastructureChange], of name: Name, by caller: Caller, answer: @escaping Answer<Proposal>
  ) {
    admissions.add(for: caller.user) { [self] in
      do {
        var state = writer.state
        let time = now()
        let request = try state.request(name, changedBy: changes, at: time)
        try KernelNeeds.check(request)
        let admitting = admitting(Order.BuildMode(), time, for: caller)
        answer(.success(try admitting.admit(request, &state).complete(state, at: time)))
      } catch { answer(.failure(error)) }
    }
  }

  /// An operation; nil where there is none of that name, or it was forgotten (a day after its end).
  public func operation(_ id: String) -> Operation? {
    progress.withLock { $0.running[id] } ?? writer.state.operations[id]
  }

  /// Those that run, and those that have ended within a day, the latest first.
  public var operations: [Operation] {
    let running = progress.withLock { $0.running }
    return writer.state.operations.values.map { running[$0.id] ?? $0 }.sorted {
      ($0.created, $0.id) > ($1.created, $1.id)
    }
  }

  /// Answers as soon as the operation's version is above `version`, or after `seconds`.
  public func watch(
    operation id: String, after version: Int, seconds: Double, answer: @escaping @Sendable (Operation?) -> Void
  ) {
    let number = progress.withLock { board -> Int? in
      guard let running = board.running[id], running.version <= version else { return nil }
      return board.wait(for: id, after: version, answer)
    }
    guard let number else { return answer(operation(id)) }
    timers.asyncAfter(deadline: .now() + max(0, min(seconds, 300))) { [self] in
      let waiting = progress.withLock { $0.leave(id, number) }
      waiting?(operation(id))
    }
  }
}

/// Where a request was found to fit.
struct Candidate: Sendable {
  var embedding: Embedding
}

extension Order {
  /// True where room has to be found.
  var isAdmission: Bool {
    if case .build = self { true } else { false }
  }

  /// True where something has to be looked up in the kernel first.
  var looksAround: Bool {
    switch self {
    case .collectGarbage, .applySubstrate, .change: true
    default: false
    }
  }

  /// The infrastructure that it is about; nil where it is about something else.
  var target: Name? {
    switch self {
    case .build(let request, _): request.name
    case .change(let name, _), .end(let name), .release(let name), .moveEnd(let name, _), .retry(let name),
      .pause(let name), .resume(let name):
      name
    default: nil
    }
  }
}

extension CloudState {
  /// The operation that a user's client called `key`.
  func operation(calledBy key: String, of caller: Caller) -> Operation? {
    guard let id = ledger.operationOfKey["\(caller.user) \(key)"] else { return nil }
    return operations[id]
  }

  /// Throws unless the infrastructure has that revision; 0 is not there.
  func check(_ name: Name?, has revision: Int64?) throws {
    guard let revision, let name else { return }
    let found = records[name].map(\.standing.revision) ?? 0
    guard found != revision else { return }
    throw Problem(
      .refused, "revision-changed",
      "Infrastructure \(name) has revision \(found), not \(revision): somebody changed it meanwhile.",
      remedy: "Read it again and decide anew.")
  }
}
