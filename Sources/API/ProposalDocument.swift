import Controller
import Embedding
import Infrastructure
import Planning
import Quantities

/// What an infrastructure would get: the answer to `POST /v1/plans` and to anything with `dryRun`.
public struct ProposalDocument: Codable, Hashable, Sendable {
  /// The infrastructure that was asked for.
  public var name: Name
  /// What it would do to what is there.
  public var change: Proposal.Change
  /// When its lease would begin, UTC.
  public var start: Timestamp
  /// Absent: until somebody ends it.
  public var end: Timestamp?
  /// Measures of Fischer et al., *Virtual Network Embedding: A Survey* (2013), section IV.
  public var revenue, cost: Double
  /// In the substrate's own unit of account.
  public var pricePerHour: Double
  /// Where each node would be.
  public var nodes: [NodeRow]
  /// What each segment and wire would be promised and could use.
  public var networks: [NetworkRow]
  /// What it takes, a row for each resource that it touches.
  public var resources: [ResourceDocument]
  /// What a timeline changes, in its order; empty without one.
  public var phases: [PhaseDocument]
  /// Who goes where.
  public var embedding: Embedding
}

/// What a proposal takes of one resource.
public struct ResourceDocument: Codable, Hashable, Sendable {
  /// As `Substrate.name(of:)` has it, such as `core link A -> B`; for people.
  public var resource: String
  /// Absent: not limited.
  public var capacity: String?
  /// With its unit: what others hold at the fullest moment of the lease, and what this takes.
  public var held, taken: String
  /// What remains then; absent: not limited.
  public var left: String?
}

/// An amount that is promised from a moment of the timeline on.
public struct PhaseDocument: Codable, Hashable, Sendable {
  /// From when on, UTC.
  public var start: Timestamp
  /// Until when, UTC; absent: without end.
  public var end: Timestamp?
  /// The node or network, which of its amounts (`cpu`, `rate` …), and how much with its unit.
  public var object, what, amount: String
}

/// A counter-offer: `GET /v1/offers`, and in the problem that refuses a request.
public struct OfferDocument: Codable, Hashable, Sendable {
  /// How it is taken: `POST /v1/offers/{number}/take`. Absent: it is not held.
  public var number: Int?
  /// The infrastructure that was asked for.
  public var name: Name
  /// In which way it differs from what was asked.
  public var kind: CounterOffer.Kind
  /// That in words.
  public var difference: String
  /// When the lease would begin, UTC.
  public var start: Timestamp
  /// When it would end, UTC; absent: until somebody ends it.
  public var end: Timestamp?
  /// From what was asked, 0 on: the offer with the lowest is the nearest.
  public var distance: Double
  /// Until when it is held, UTC; absent: it is not.
  public var expires: Timestamp?
}
