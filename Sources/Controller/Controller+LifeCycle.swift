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
  ) throws -> Proposal {
    try exclusively(waiting: waiting) {
      if try needsSettling(request.name) { try settle(progress: progress) }
      let proposal = try change { state in
        let proposal = try Self.propose(request, &state, embedder, now: now())
        record(proposal, owner: owner, &state)
        return proposal
      }
      do {
        let outcome = try settle(progress: progress)
        if let problem = outcome.failures[proposal.admission.number] { throw problem }
      } catch {
        if proposal.change == .new { try rollBack(request.name, because: error, progress: progress) }
        throw error
      }
      try LeaseKeeper.ensure(installation, for: try state())
      return proposal
    }
  }

  /// True where something must end first: its VLANs, numbers and room are needed.
  private func needsSettling(_ name: Name) throws -> Bool {
    let time = now()
    return try state().records.values.contains { !$0.isWanted(at: time) }
  }

  private func record(_ proposal: Proposal, owner: UInt32, _ state: inout CloudState) {
    let request = proposal.admission.infrastructure
    let time = now()
    var record =
      state.records[request.name]
      ?? InfrastructureRecord(admission: proposal.admission, phase: .building, owner: owner, created: time, ends: nil)
    let isSameLease = proposal.change != .new && record.admission.infrastructure.lease == request.lease
    if !isSameLease { record.ends = request.lease.duration.map { time + $0.components.seconds } }
    record.admission = proposal.admission
    if proposal.change != .unchanged { record.phase = .building }
    state.records[request.name] = record
  }

  private func rollBack(_ name: Name, because error: any Error, progress: @escaping Progress) throws {
    try change { end(name, because: "\(error)", &$0) }
    try settle(progress: progress)
  }

  /// Ends infrastructures and waits until nothing of them is left; names that are not there are returned.
  ///
  /// - Parameter names: Nil is all of them.
  public func down(
    _ names: [Name]?, waiting: (Int32?) -> Void = { _ in }, progress: @escaping Progress = { _ in }
  ) throws -> (ended: [Name], absent: [Name]) {
    try exclusively(waiting: waiting) {
      let present = try state().records
      let wanted = names ?? present.keys.sorted()
      let ended = wanted.filter { present[$0] != nil }
      if !ended.isEmpty {
        try change { state in for name in ended { end(name, because: "its user ended it", &state) } }
        try settle(progress: progress)
      }
      return (ended, wanted.filter { present[$0] == nil })
    }
  }

  /// Ends what is due and mends what is broken; the lease keeper's work.
  public func expire() throws {
    try exclusively(waiting: { _ in }) { _ = try settle(progress: { _ in }) }
  }

  /// Seconds since 1970 of the next lease's end; nil where nothing is leased for a time.
  public func nextExpiry() throws -> Int64? { try state().records.values.compactMap(\.ends).min() }
}
