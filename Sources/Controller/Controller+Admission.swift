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

  /// Plans `request`; where it is refused, holds the counter-offers for `HeldOffer.time`.
  ///
  /// - Throws: `Declined`, its offers held.
  public func plan(
    _ request: VirtualInfrastructure, waiting: (Int32?) -> Void = { _ in }
  ) throws -> Proposal {
    var state = try state()
    do { return try admitting.propose(request, &state) } catch let declined as Declined {
      throw try hold(declined, waiting: waiting)
    }
  }

  /// The same refusal with its offers held.
  func hold(_ declined: Declined, waiting: (Int32?) -> Void = { _ in }) throws -> Declined {
    guard !declined.offers.isEmpty else { return declined }
    return try exclusively(waiting: waiting, progress: { _ in }) { session in
      var declined = declined
      // Nobody kept others out while they were looked for.
      declined.offers = declined.offers.filter { session.state.shortage(of: $0, at: now()) == nil }
      declined.held = try session.change { $0.hold(declined.offers, until: self.now() + HeldOffer.time) }
      return declined
    }
  }

  var admitting: Admitting { Admitting(embedder: embedder, planner: planner, now: now()) }
}
