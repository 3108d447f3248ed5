import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

extension Controller {
  /// Decides what `up` would do with `request`, and changes nothing.
  ///
  /// - Parameters:
  ///   - substrate: Plan on this one, empty, instead of the one in force.
  ///   - embedder: Who finds room.
  /// - Throws: `Declined` with the bottleneck and counter-offers where the substrate cannot carry it.
  public static func propose(
    _ request: VirtualInfrastructure, in installation: Installation, on substrate: Substrate? = nil,
    embedder: any Embedder = SearchEmbedder(), now: Timestamp = .now
  ) throws -> Proposal {
    var state = CloudState(empty: substrate ?? ThisMachine.substrate)
    if substrate == nil, !installation.isEmpty { state = try Controller(installation).state() }
    state.applied = substrate ?? state.applied
    return try Admitting(embedder: embedder, planner: Planner(realm: installation.realm), now: now)
      .propose(request, &state)
  }
}
