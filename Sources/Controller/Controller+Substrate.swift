import Agent
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

extension Controller {
  /// The substrate that is in force: the one applied, or this machine.
  public func substrate() throws -> Substrate { try state().substrate }

  /// Puts `substrate` into force and builds what is emulated of it.
  ///
  /// Throws `.refused` where something that runs would not fit into it as it is embedded now.
  public func apply(
    _ substrate: Substrate, expectsAgents: Bool = false, waiting: (Int32?) -> Void = { _ in },
    progress: @escaping Progress = { _ in }
  ) throws {
    try substrate.checkRealHosts(here: ThisMachine.name, expectsAgents: expectsAgents)
    try exclusively(waiting: waiting, progress: progress) { session in
      try session.change { state in
        try Self.checkFits(substrate, state)
        // Offers were looked for on what was in force until now.
        if state.applied != substrate { state.offers.keep { _, _ in false } }
        state.applied = substrate
        state.pool.setAllowed(
          Dictionary(substrate.sites.map { ($0.name, $0.vlans) }, uniquingKeysWith: { first, _ in first }))
      }
      try session.settle()
    }
  }

  /// Takes the applied substrate away, so that it is this machine again.
  ///
  /// Throws `.refused` where something still runs on it. Returns false where none was applied.
  public func removeSubstrate(
    waiting: (Int32?) -> Void = { _ in }, progress: @escaping Progress = { _ in }
  ) throws -> Bool {
    try exclusively(waiting: waiting, progress: progress) { session in
      let wasApplied = try session.change { state in
        if let name = state.records.keys.min() {
          throw Problem(
            .refused, "substrate-in-use", "Infrastructure \(name) still runs on the substrate.",
            remedy: "Take it down first: virtcloud down \(name)")
        }
        defer {
          state.applied = nil
          state.offers.keep { _, _ in false }
          state.pool = VLANPool(ThisMachine.substrate)
        }
        return state.applied != nil
      }
      try session.settle()
      return wasApplied
    }
  }

  static func checkFits(_ substrate: Substrate, _ state: CloudState) throws {
    guard !state.records.isEmpty, state.applied != substrate else { return }
    guard let applied = state.applied, applied.name == substrate.name else {
      throw Problem(
        .refused, "substrate-in-use",
        "Infrastructure \(state.records.keys.min()?.description ?? "") runs on substrate "
          + "\(state.substrate.name), which '\(substrate.name)' would replace.",
        remedy: "Take it down first, or apply a substrate of the same name.")
    }
    guard applied.core == substrate.core else {
      throw Problem(
        .refused, "substrate-in-use",
        "Infrastructure \(state.records.keys.min()?.description ?? "") crosses a '\(applied.core.rawValue)' core, which "
          + "would become '\(substrate.core.rawValue)'.",
        remedy: "Take everything down first, or leave 'core' as it is.")
    }
    let reservations = state.sorted.filter { $0.standing.phase != .ending }.map {
      (embedding: $0.admission.embedding, request: $0.admission.infrastructure, interval: $0.interval)
    }
    let violations = EmbeddingCheck.violations(in: reservations, on: substrate)
    guard let violation = violations.first else { return }
    throw Problem(
      .refused, "substrate-in-use",
      "What is up or reserved would not fit into substrate \(substrate.name): \(violation).",
      remedy: "Take down or release what is in the way ('virtcloud list'), or leave that much in the file.")
  }

  /// The substrate in force with what is reserved of it.
  public static func use(of installation: Installation) throws -> SubstrateView {
    let state =
      installation.isEmpty ? CloudState(empty: ThisMachine.substrate) : try Controller(installation).state()
    let now = Timestamp.now
    return SubstrateView(state.substrate).over(now..<now + .seconds(1), in: state.calendar(at: now))
  }

  /// Who holds which VLAN at which site.
  public func vlans() throws -> [VLANRow] { try state().pool.rows }
}
