import Infrastructure
import Quantities

/// An algorithm that finds room for a virtual infrastructure; pure and deterministic.
public protocol Embedder: Sendable {
  /// Places every node on a host and every network on a tree of sites.
  ///
  /// - Parameters:
  ///   - request: A complete and consistent infrastructure, as a reader returns it.
  ///   - view: The substrate with everything that others hold. What `request` itself holds from an earlier
  ///     embedding must have been vacated.
  ///   - keeping: An earlier embedding of the same infrastructure: nodes named there stay where they are.
  /// - Throws: A refusal whose problem is of kind `.refused` and names the bottleneck, or `.notFound` for a pin
  ///   to a site or host that the substrate does not have.
  func place(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Refusal) -> Embedding

  /// An embedder that can be asked dozens of times while somebody waits: for counter-offers. Itself, unless it is
  /// slow.
  var quick: any Embedder { get }

  /// One that takes the best answer it has so far as soon as somebody waits. Itself, unless it can hurry.
  ///
  /// - Parameter othersWait: Asked now and then while it searches, on its thread.
  func hurrying(when othersWait: @escaping @Sendable () -> Bool) -> any Embedder
}

extension Embedder {
  public var quick: any Embedder { self }
  public func hurrying(when othersWait: @escaping @Sendable () -> Bool) -> any Embedder { self }

  /// As `place`, with nothing but the problem where it is refused.
  public func embed(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Problem) -> Embedding {
    do throws(Refusal) { return try place(request, on: view, keeping: keeping) } catch { throw error.problem }
  }
}

/// Why there is no room.
public struct Refusal: Error, Hashable, Sendable {
  /// What a person is told.
  public var problem: Problem
  /// The resource that ran out, where it is one that decides; others may be as short.
  public var bottleneck: Bottleneck?

  public init(_ problem: Problem, bottleneck: Bottleneck? = nil) {
    self.problem = problem
    self.bottleneck = bottleneck
  }
}

/// A resource of which more is needed than is free.
public struct Bottleneck: Hashable, Codable, Sendable {
  public var resource: Resource
  /// In the resource's unit.
  public var needed, free: UInt64

  public init(_ resource: Resource, needed: UInt64, free: UInt64) {
    self.resource = resource
    self.needed = needed
    self.free = free
  }

  /// How much more there would have to be.
  public var missing: UInt64 { saturatingDifference(needed, free) }
}

/// What an embedding should be good at.
public enum Strategy: String, Hashable, Codable, Sendable, CaseIterable {
  /// Short paths over links that have room, load spread over a site's hosts.
  case balance
  /// As few hosts as possible, those in use first: the others may sleep.
  case consolidate
  /// Shortest latencies.
  case nearest
  /// Lowest price by `Host.price` and `CoreLink.price`.
  case cheapest
}
