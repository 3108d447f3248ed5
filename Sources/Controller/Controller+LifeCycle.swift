import Agent
import Infrastructure
import Linux
import Planning
import Quantities
import Reservations

extension Controller {
  /// Admits `request` and builds it; what runs under its name is changed into it. Where its lease starts later, it
  /// is reserved only, and begins by itself.
  ///
  /// A second call with the same request changes nothing. Where building something new fails, all of it is
  /// taken away again and the cause is thrown. A router that does not take what its user wrote is told in the view's
  /// `problems`, and all else runs.
  ///
  /// - Throws: `Declined` with counter-offers, which are held, where there is no room.
  public func up(
    _ request: VirtualInfrastructure, owner: UInt32, waiting: (Int32?) -> Void = { _ in },
    progress: @escaping Progress = { _ in }
  ) throws -> (proposal: Proposal, view: InfrastructureView) {
    do {
      return try exclusively(waiting: waiting, progress: progress) { session in
        try KernelNeeds.check(request)
        let proposal = try session.change { state in try admit(request, owner: owner, &state) }
        return try build(proposal, session)
      }
    } catch let declined as Declined { throw try hold(declined, waiting: waiting) }
  }

  /// Takes a counter-offer that is held, as `up` would its request.
  ///
  /// - Throws: `Problem` of kind `.notFound` where there is no such offer, or it has lapsed.
  public func take(
    offer number: Int, owner: UInt32, waiting: (Int32?) -> Void = { _ in }, progress: @escaping Progress = { _ in }
  ) throws -> (proposal: Proposal, view: InfrastructureView) {
    try exclusively(waiting: waiting, progress: progress) { session in
      let proposal = try session.change { state in
        guard let held = state.offers[number] else {
          let there = state.offers.keys.sorted().map { "\($0)" }.joined(separator: ", ")
          throw Problem(
            .notFound, "no-such-offer", "There is no offer \(number); it was taken, or it has lapsed.",
            remedy: there.isEmpty ? "Run 'virtcloud plan' again: it makes new ones." : "These are held: \(there).")
        }
        let taken = try admit(held.offer.request, owner: owner, &state, taking: held.offer)
        state.dropOffers(for: held.offer.request.name)
        return taken
      }
      return try build(proposal, session)
    }
  }

  /// Counter-offers that are held, by number.
  public func offers() throws -> [HeldOffer] {
    let time = now()
    return try state().offers.values.filter { time < $0.expires }.sorted { $0.number < $1.number }
  }

  func admit(
    _ request: VirtualInfrastructure, owner: UInt32, _ state: inout CloudState, taking offer: CounterOffer? = nil
  ) throws -> Proposal {
    let proposal = try admitting.propose(request, &state, taking: offer)
    record(proposal, owner: owner, &state)
    return proposal
  }

  func build(_ proposal: Proposal, _ session: Session) throws -> (proposal: Proposal, view: InfrastructureView) {
    let name = proposal.admission.infrastructure.name
    guard session.state.records[name]?.standing.phase != .reserved else {
      try LeaseKeeper.ensure(installation, for: session.state)
      return (proposal, try view(of: name, session.state, [:]))
    }
    let outcome: Agent.Outcome
    do {
      outcome = try session.settle()
      if let problem = outcome.failures[proposal.admission.number] { throw problem }
    } catch {
      if proposal.change == .new {
        try session.change { $0.end(name, because: "\(error)", planner) }
        try session.settle()
      }
      throw error
    }
    try LeaseKeeper.ensure(installation, for: session.state)
    var view = try view(of: name, session.state, outcome.running)
    view.problems = outcome.warnings[proposal.admission.number] ?? []
    return (proposal, view)
  }

  private func record(_ proposal: Proposal, owner: UInt32, _ state: inout CloudState) {
    let request = proposal.admission.infrastructure
    let time = now()
    let before = state.records[request.name].flatMap { $0.isOver(at: time) ? nil : $0 }
    var standing =
      before?.standing
      ?? InfrastructureRecord.Standing(
        phase: .building, caller: Caller(user: owner == 0 ? "root" : "uid:\(owner)"), created: time.seconds,
        starts: nil, ends: nil, cause: nil)
    if proposal.change != .unchanged {
      let end = proposal.interval.upperBound
      standing.ends = end == .distantFuture ? nil : end.seconds
      standing.starts = proposal.interval.lowerBound.seconds
      standing.phase = proposal.interval.lowerBound > time ? .reserved : .building
    }
    state.records[request.name] = InfrastructureRecord(admission: proposal.admission, standing: standing)
  }

  /// Ends infrastructures and waits until nothing of them is left; names that are not there are returned.
  ///
  /// - Parameter names: Nil is all of them.
  public func down(
    _ names: [Name]?, waiting: (Int32?) -> Void = { _ in }, progress: @escaping Progress = { _ in }
  ) throws -> (ended: [Name], absent: [Name]) {
    let before = try state().records
    let wanted = names ?? before.keys.sorted()
    return try exclusively(waiting: waiting, progress: progress) { session in
      let present = session.state.records
      let ending = wanted.filter { present[$0] != nil }
      if !ending.isEmpty {
        try session.change { state in for name in ending { state.end(name, because: "its user ended it", planner) } }
        try session.settle()
        try LeaseKeeper.ensure(installation, for: session.state)
      }
      return (wanted.filter { before[$0] != nil }, wanted.filter { before[$0] == nil })
    }
  }

  /// Begins, changes and ends what is due, and mends what is broken; the lease keeper's work.
  public func settle() throws {
    _ = try exclusively(waiting: { _ in }, progress: { _ in }) { try $0.settle() }
  }

  /// The next moment at which a lease starts, changes or ends; nil where nothing does. A moment that is past is one
  /// that could not be acted on yet.
  public func nextEvent() throws -> Timestamp? {
    let time = now()
    return try state().records.values.compactMap { record in
      record.isOver(at: time) || record.isDue(at: time) ? time : record.nextEvent(after: time)
    }.min()
  }
}
