import Agent
import Infrastructure
import Linux
import Planning
import Quantities
import Wires

extension Controller {
  /// Changes what runs or is reserved as if its file had been changed and `up` run again: the only road.
  ///
  /// - Parameter change: Changes the request; what it throws is thrown, and nothing is changed then.
  public func amend(
    _ name: String, owner: UInt32, waiting: (Int32?) -> Void = { _ in }, progress: @escaping Progress = { _ in },
    _ change: (inout VirtualInfrastructure) throws -> Void
  ) throws -> (proposal: Proposal, view: InfrastructureView) {
    try exclusively(waiting: waiting, progress: progress) { session in
      let before = session.state
      let proposal = try session.change { state in try propose(name, owner: owner, &state, change) }
      do { return try build(proposal, session) } catch {
        // What cannot be built is not kept: it would stand in everybody's way.
        try session.change { state in state = before.after(state) }
        try session.settle()
        throw error
      }
    }
  }

  /// Says what `amend` would do, and changes nothing.
  public func proposeAmendment(_ name: String, _ change: (inout VirtualInfrastructure) throws -> Void) throws
    -> Proposal
  {
    var state = try state()
    return try propose(name, owner: 0, &state, change)
  }

  private func propose(
    _ name: String, owner: UInt32, _ state: inout CloudState, _ change: (inout VirtualInfrastructure) throws -> Void
  ) throws -> Proposal {
    guard let record = Name(name).flatMap({ state.records[$0] }), !record.isOver(at: now()) else {
      throw Problem(
        .notFound, "no-such-infrastructure", "There is no infrastructure '\(name)'.",
        remedy: "Run 'virtcloud list'.")
    }
    var request = record.admission.infrastructure
    try change(&request)
    try KernelNeeds.check(request)
    return try admit(request, owner: owner, &state)
  }
}

/// What a request needs of this machine's kernel beyond what every request needs.
enum KernelNeeds {
  /// Throws `.refused` (`kernel-feature-missing`) that names the feature.
  static func check(_ request: VirtualInfrastructure) throws {
    if let wire = request.networks.first(where: { $0.kind == .wire && $0.type == .tunnelling }) {
      try TunnelSoftware(.openVPN).demand(for: wire.name.description)
    }
    guard let wire = request.networks.first(where: { $0.impairment.delay > .zero || $0.impairment.jitter > .zero })
    else { return }
    guard let netem = try KernelFeatures.probe().first(where: { $0.name == "netem" }), !netem.isPresent else {
      throw Problem(
        .refused, "not-available", "Wire \(wire.name) is to be delayed, which is not available in this version.",
        remedy: "Leave the delay out; losses work without it.")
    }
    throw Problem(
      .refused, "kernel-feature-missing",
      "Wire \(wire.name) is to be delayed, but this kernel has no netem (\(netem.option)).",
      remedy: "Leave the delay out (loss works without it), or use a kernel built with \(netem.option).")
  }
}
