import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// Lets requests in: where they fit beside everything that is promised, over the whole of their lease.
struct Admitting {
  let embedder: any Embedder
  let planner: Planner
  let now: Timestamp
  /// The substrate's wiring where somebody keeps it; nil makes it.
  var wiring: Planner.Wiring?
  /// Whose held offers for it make room, and are given back; nil is everybody's.
  var user: String?

  /// Decides what would be done with `request`, and changes `state` as if it were.
  func propose(
    _ request: VirtualInfrastructure, _ state: inout CloudState, taking offer: CounterOffer? = nil
  ) throws -> Proposal {
    try admit(request, &state, taking: offer).complete(state, at: now)
  }

  /// Admits into `state`: embedding, numbers, and VLANs where the lease has begun.
  ///
  /// - Parameters:
  ///   - offer: A counter-offer to be taken instead of a search.
  ///   - candidate: Where it was found to fit a moment ago; looked for anew where it does not any more.
  func admit(
    _ request: VirtualInfrastructure, _ state: inout CloudState, taking offer: CounterOffer? = nil,
    candidate: Embedding? = nil
  ) throws -> Admitted {
    let present = state.records[request.name].flatMap { $0.isOver(at: now) ? nil : $0 }
    if let present, present.admission.infrastructure == request {
      return Admitted(admission: present.admission, interval: present.interval, change: .unchanged, user: user)
    }
    if let offer { try check(offer, present, state) }
    let interval = try offer?.interval ?? interval(of: request, present)
    guard now < interval.upperBound else {
      throw Problem(
        .invalid, "already-over", "The lease of \(request.name) would have ended at \(interval.upperBound).",
        remedy: "Give a later start, or a longer duration.")
    }
    try interval.upperBound.checkIsWritable(asEndOf: request.name)
    let embedding = try offer?.embedding ?? find(request, interval, present, state, candidate)
    let admission = try admit(request, embedding, &state, present, isBegun: interval.lowerBound <= now)
    // What was offered instead of it is not wanted any more.
    state.dropOffers(for: request.name, of: user)
    // A plan that cannot be made (an MTU that the path does not carry) is a refusal too. What has not begun has no
    // VLANs yet, and is tried with any.
    var trial = admission
    if interval.lowerBound > now {
      var anyPool = VLANPool(state.substrate)
      try trial.allotVLANs(from: &anyPool)
    }
    // What is split over several paths can be planned, not built; a candidate was tried when it was found.
    if candidate == nil, !embedding.trees.values.contains(where: { !$0.paths.isEmpty }) {
      try planner.check(trial, on: wiring ?? planner.wiring(of: state.ledger.base))
    }
    return Admitted(admission: admission, interval: interval, change: present == nil ? .new : .changed, user: user)
  }

  /// The candidate where it still fits, else what a search finds.
  private func find(
    _ request: VirtualInfrastructure, _ interval: Range<Timestamp>, _ present: InfrastructureRecord?,
    _ state: CloudState, _ candidate: Embedding?
  ) throws -> Embedding {
    let calendar = state.calendar(at: now, without: request.name, of: user)
    if let candidate, state.canHold(candidate, of: request, over: interval, in: calendar) { return candidate }
    return try embed(request, interval, calendar, present, state)
  }

  /// An offer was made for something that was not there, on the substrate as it was then.
  private func check(
    _ offer: CounterOffer, _ present: InfrastructureRecord?, _ state: CloudState
  ) throws(Problem) {
    let name = offer.request.name
    if let present, present.standing.phase != .reserved {
      throw Problem(
        .refused, "already-running", "The offer is for a new \(name), but one is \(present.standing.phase.rawValue).",
        remedy: "Take it down first, or change it with 'virtcloud up -t FILE'.")
    }
    guard let shortage = state.shortage(of: offer, for: user, at: now) else { return }
    let resource = ResourceNumbers(state.substrate).resource(shortage.resource)
    throw Problem(
      .refused, "offer-overtaken",
      "The offer for \(name) does not fit any more: \(state.substrate.name(of: resource)) is short by "
        + "\(Substrate.text(shortage.missing, of: resource)) from \(shortage.interval.lowerBound).",
      remedy: "Run 'virtcloud plan' again: it makes new ones.")
  }

  /// From the start that was asked for, else from now; what runs already keeps its start, and its end where the
  /// lease is the same.
  private func interval(
    of request: VirtualInfrastructure, _ present: InfrastructureRecord?
  ) throws(Problem) -> Range<Timestamp> {
    if let present, present.admission.infrastructure.lease == request.lease { return present.interval }
    let isRunning = present.map { $0.standing.phase != .reserved } ?? false
    if let start = request.lease.start, start < now, !isRunning {
      throw Problem(
        .invalid, "start-in-past", "The lease of \(request.name) starts at \(start), which is past (it is \(now)).",
        remedy: "Give a later start, or leave it out to start at once.")
    }
    if isRunning, let present, let start = request.lease.start, start > now {
      throw Problem(
        .refused, "already-running",
        "\(request.name) runs since \(present.interval.lowerBound) and cannot start at \(start).",
        remedy: "Take it down first, or leave the start as it was.")
    }
    let start = isRunning ? now : request.lease.start ?? now
    let end = request.lease.duration.map { start + $0 } ?? .distantFuture
    return (isRunning ? present?.interval.lowerBound ?? start : start)..<end
  }

  private func embed(
    _ request: VirtualInfrastructure, _ interval: Range<Timestamp>, _ calendar: Calendar,
    _ present: InfrastructureRecord?, _ state: CloudState
  ) throws -> Embedding {
    let view = state.ledger.base
    let ahead = max(interval.lowerBound, now)..<interval.upperBound
    // Events of the timeline count from the start, also of what has run for a while.
    let duration = interval.upperBound == .distantFuture ? nil : interval.upperBound - interval.lowerBound
    // What has not begun may still go elsewhere.
    let kept = present.flatMap { $0.standing.phase == .reserved ? nil : $0.admission.embedding }
    do throws(Refusal) {
      return try embedder.place(
        request.peak(within: duration), on: view.over(ahead, in: calendar).closing(state.closedHosts, but: kept),
        keeping: kept)
    } catch {
      guard error.problem.kind == .refused else { throw error.problem }
      let offers =
        kept == nil ? CounterOfferSearch(view, calendar, embedder.quick).offers(for: request, over: ahead) : []
      throw Declined(problem: inTime(error, ahead, calendar, view), offers: offers, held: [])
    }
  }

  /// The refusal with when and how much is missing.
  private func inTime(
    _ refusal: Refusal, _ ahead: Range<Timestamp>, _ calendar: Calendar, _ view: SubstrateView
  ) -> Problem {
    var problem = refusal.problem
    guard let bottleneck = refusal.bottleneck, bottleneck.missing > 0 else { return problem }
    let number = view.directory.numbers[bottleneck.resource]
    let missing = Substrate.text(bottleneck.missing, of: bottleneck.resource)
    guard let shortage = calendar.shortage(number, amount: bottleneck.needed, over: ahead) else { return problem }
    let from = max(shortage.interval.lowerBound, ahead.lowerBound)
    let until = min(shortage.interval.upperBound, ahead.upperBound)
    let when = from == ahead.lowerBound && until == ahead.upperBound ? "throughout" : "from \(from) until \(until)"
    if case .tenancy = bottleneck.resource { return problem }
    problem.message += "; \(view.substrate.name(of: bottleneck.resource)) is short by \(missing) \(when)"
    return problem
  }

  /// A new embedding for what was admitted, with the nodes of `kept` where they are.
  func place(_ record: InfrastructureRecord, keeping kept: Embedding, _ state: inout CloudState) throws -> Admission {
    let request = record.admission.infrastructure
    let calendar = state.calendar(at: now, without: record.name, of: user)
    let ahead = max(record.interval.lowerBound, now)..<record.interval.upperBound
    let view = state.ledger.base.over(ahead, in: calendar).closing(state.closedHosts, but: kept)
    let embedding = try embedder.embed(request.peak(within: nil), on: view, keeping: kept)
    return try admit(request, embedding, &state, record, isBegun: record.interval.lowerBound <= now)
  }

  private func admit(
    _ request: VirtualInfrastructure, _ embedding: Embedding, _ state: inout CloudState,
    _ present: InfrastructureRecord?, isBegun: Bool
  ) throws -> Admission {
    let kept = present?.admission
    guard let number = kept?.number ?? state.freeNumber else {
      throw Problem(
        .refused, "too-many-infrastructures", "All 32767 infrastructure numbers are taken.",
        remedy: "Take one down with 'virtcloud down NAME'.")
    }
    var admission = Admission(
      infrastructure: request, embedding: embedding, number: number, networkNumbers: [:], vlans: [:],
      portNumbers: kept?.portNumbers ?? PortNumbers(), core: state.substrate.core)
    try admission.portNumbers.update(for: request)
    for network in request.networks {
      if let number = kept?.networkNumbers[network.name] {
        admission.networkNumbers[network.name] = number
      } else {
        admission.networkNumbers[network.name] = state.nextNetwork(beside: admission)
      }
    }
    admission.numberMesh(keeping: kept) { state.nextNetwork(beside: $0) }
    if isBegun { try admission.allotVLANs(from: &state.pool) }
    if let kept { planner.release(kept, except: admission, on: state.substrate, in: &state.pool) }
    return admission
  }
}

extension Timestamp {
  /// Throws where it is neither never nor within the years that can be written and read again.
  func checkIsWritable(asEndOf name: Name) throws(Problem) {
    guard self > .latest, self != .distantFuture else { return }
    throw Problem(
      .invalid, "end-too-late", "The lease of \(name) would end after the year 9999.",
      remedy: "Give an earlier start or a shorter duration, or no duration for a lease without an end.")
  }
}

extension Admission {
  /// Gives every network that leaves its host its VLANs. The calendar counts them, so that there are enough when
  /// a lease begins; which ones they are is decided then.
  mutating func allotVLANs(from pool: inout VLANPool) throws(Problem) {
    for (owner, sites) in owners { vlans[owner.network] = try pool.allocate(for: owner, sites: sites) }
  }
}
