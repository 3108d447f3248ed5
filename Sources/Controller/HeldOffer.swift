import Infrastructure
import Planning
import Quantities
import Reservations

/// A counter-offer that is kept for whoever asked, until it lapses by itself.
public struct HeldOffer: Hashable, Sendable {
  /// How it is taken: `virtcloud up --offer NUMBER`.
  public var number: Int
  public var offer: CounterOffer
  public var expires: Timestamp
  /// Who asked.
  public var caller: Caller

  /// How long an offer is held.
  public static let time = Duration.seconds(600)

  /// For how many infrastructures somebody has offers held at once where their quota does not say.
  public static let usualGroups = 4

  /// What it is an alternative in.
  var group: OfferGroup { OfferGroup(user: caller.user, name: offer.request.name) }
}

/// What is held for one user's infrastructure: at most one of the group is taken.
struct OfferGroup: Hashable, Sendable {
  var user: String
  var name: Name

  init(user: String, name: Name) { (self.user, self.name) = (user, name) }

  /// Of its name in the calendar; nil where that is none of a group.
  init?(key: String) {
    let rest = key.dropFirst(Self.prefix.count)
    guard key.hasPrefix(Self.prefix), let end = rest.lastIndex(of: "/"),
      let name = Name(String(rest[end...].dropFirst()))
    else { return nil }
    self.init(user: String(rest[..<end]), name: name)
  }

  /// What it is called in the calendar.
  var key: String { "\(Self.prefix)\(user)/\(name)" }

  private static let prefix = "offers/"
}

/// A refusal with what could be had instead, the nearest to the request first.
public struct Declined: Error, Sendable {
  public var problem: Problem
  public var offers: [CounterOffer]
  /// Those of them that are held, with their numbers; empty where it was only asked.
  public var held: [HeldOffer]
}

extension HeldOffer: Codable {
  private enum CodingKeys: CodingKey { case number, offer, expires, caller }

  /// Reads also what was written before it said for whom: then only those see it who see everything.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      number: try fields.decode(Int.self, forKey: .number),
      offer: try fields.decode(CounterOffer.self, forKey: .offer),
      expires: try fields.decode(Timestamp.self, forKey: .expires),
      caller: try fields.decodeIfPresent(Caller.self, forKey: .caller) ?? Caller(user: ""))
  }
}
