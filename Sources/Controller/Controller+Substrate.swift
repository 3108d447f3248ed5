import Agent
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

extension Controller {
  /// The substrate that is in force: the one applied, or this machine.
  public func substrate() throws -> Substrate { try state().substrate }

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
