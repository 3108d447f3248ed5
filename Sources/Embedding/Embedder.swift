import Infrastructure
import Quantities

/// An algorithm that finds room for a virtual infrastructure; pure and deterministic.
public protocol Embedder: Sendable {
  /// Places every node on a host and every network on a tree of sites.
  ///
  /// - Parameters:
  ///   - request: A complete and consistent infrastructure, as a reader returns it.
  ///   - view: The substrate with everything that others have reserved. What `request` itself holds from
  ///     an earlier embedding must have been vacated.
  ///   - keeping: An earlier embedding of the same infrastructure: nodes named there stay where they are.
  /// - Throws: `Problem` of kind `.refused` that names the bottleneck, or `.notFound` for a pin to a site
  ///   or host that the substrate does not have.
  func embed(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Problem) -> Embedding
}
