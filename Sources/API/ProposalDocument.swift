import Controller
import Embedding
import Infrastructure
import Planning
import Quantities

/// What an infrastructure would get: the answer to `POST /v1/plans` and to anything with `dryRun`.
public struct ProposalDocument: Codable, Hashable, Sendable {
  public var name: Name
  public var change: Proposal.Change
  public var start: Timestamp
  /// Absent: until somebody ends it.
  public var end: Timestamp?
  /// Measures of Fischer et al., *Virtual Network Embedding: A Survey* (2013), section IV.
  public var revenue, cost: Double
  public var pricePerHour: Double
  public var nodes: [NodeRow]
  public var networks: [NetworkRow]
  public var resources: [ResourceDocument]
  public var phases: [PhaseDocument]
  /// Who goes where.
  public var embedding: Embedding
}

/// What a proposal takes of one resource.
public struct ResourceDocument: Codable, Hashable, Sendable {
  public var resource: String
  /// Absent: not limited.
  public var capacity: String?
  public var held, taken: String
  public var left: String?
}

/// An amount that is promised from a moment of the timeline on.
public struct PhaseDocument: Codable, Hashable, Sendable {
  public var start: Timestamp
  public var end: Timestamp?
  public var object, what, amount: String
}

/// A counter-offer: `GET /v1/offers`, and in the problem that refuses a request.
public struct OfferDocument: Codable, Hashable, Sendable {
  /// How it is taken: `POST /v1/offers/{number}/take`. Absent: it is not held.
  public var number: Int?
  public var name: Name
  public var kind: CounterOffer.Kind
  public var difference: String
  public var start: Timestamp
  public var end: Timestamp?
  public var distance: Double
  public var expires: Timestamp?
}
