import Agent
import Infrastructure
import Linux
import Planning
import Quantities

extension Controller {
  /// Admits `request` and builds it; what runs under its name is changed into it.
  ///
  /// A second call with the same request changes nothing. Where building something new fails, all of it is
  /// taken away again and the cause is thrown.
  public func up(
    _ request: VirtualInfrastructure, owner: UInt32, waiting: (Int32?) -> Void = { _ in },
    progress: @escaping Progress = { _ in }
  ) throws -> (proposal: Proposal, view: InfrastructureView) {
    try exclusively(waiting: waiting, progress: progress) { session in
      let proposal = try session.change { state in
        let proposal = try Self.propose(request, &state, embedder, planner)
        record(proposal, owner: owner, &state)
        return proposal
      }
      let outcome: Agent.Outcome
      do {
        outcome = try session.settle()
        if let problem = outcome.failures[proposal.admission.number] { throw problem }
      } catch {
        if proposal.change == .new {
          try session.change { $0.end(request.name, because: "\(error)", planner) }
          try session.settle()
        }
        throw error
      }
      try LeaseKeeper.ensure(installation, for: session.state)
      return (proposal, try view(of: request.name, session.state, outcome.running))
    }
  }

  private func record(_ proposal: Proposal, owner: UInt32, _ state: inout CloudState) {
    let request = proposal.admission.infrastructure
    let time = now()
    let before = state.records[request.name]
    var standing =
      before?.standing
      ?? InfrastructureRecord.Standing(phase: .building, owner: owner, created: time, ends: nil, cause: nil)
    if before?.admission.infrastructure.lease != request.lease {
      standing.ends = request.lease.duration.map { time + $0.components.seconds }
    }
    if proposal.change != .unchanged { standing.phase = .building }
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

  /// Ends what is due and mends what is broken; the lease keeper's work.
  public func expire() throws {
    _ = try exclusively(waiting: { _ in }, progress: { _ in }) { try $0.settle() }
  }

  /// Seconds since 1970 of the next lease's end; nil where nothing is leased for a time.
  public func nextExpiry() throws -> Int64? { try state().records.values.compactMap(\.standing.ends).min() }
}
