import Controller
import Identity
import Infrastructure
import Planning
import Quantities
import Reservations

/// `GET /v1`.
public struct ServiceDocument: Codable, Hashable, Sendable {
  /// Always `virtcloud`.
  public var name: String
  /// Of the program.
  public var version: String
  /// First part of all paths: `v1`.
  public var api: String
  /// This controller leads; the others hand writes on to it.
  public var isLeader: Bool
  /// Base address of the controller that leads; absent: not known.
  public var leader: String?
  /// The controller's clock, UTC.
  public var time: Timestamp
  /// Name of the substrate in force.
  public var substrate: Name
}

/// A page of a list. `next` is the value of `after` for the next page; absent on the last.
public struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  /// In the list's order.
  public var items: [Item]
  /// Absent on the last page.
  public var next: String?
  /// Hosts whose agents did not answer in time, so that what they know is not among the items; absent: none.
  public var missing: [Name]?

  /// `next` is nil on the last page.
  public init(_ items: [Item], next: String? = nil, missing: [Name]? = nil) {
    (self.items, self.next, self.missing) = (items, next, missing)
  }
}

/// `GET /v1/whoami`.
public struct IdentityDocument: Codable, Hashable, Sendable {
  /// Name by which rules and records know them.
  public var user: String
  /// Sorted.
  public var groups: [String]
  /// In the whole cloud: `viewer`, `user`, `operator`, `administrator` or `none`.
  public var role: String
  /// Role by project.
  public var projects: [String: String]
  /// `socket`, `certificate`, `token` or `agent`.
  public var origin: String
  /// What is left of their rights here: a token may narrow them.
  public var scopes: [Scope]
  /// Identifier of the token that they came with; absent where they came otherwise.
  public var token: String?
}

/// One line of the calendar: `GET /v1/calendar`.
public struct BookingDocument: Codable, Hashable, Sendable {
  /// As `Substrate.name(of:)` has it, such as `core link A -> B`; for people.
  public var resource: String
  /// The infrastructure for which it is booked.
  public var holder: Name
  /// It is only held, for a counter-offer.
  public var isOffer: Bool
  /// From when on, UTC.
  public var start: Timestamp
  /// Until when, UTC; absent: without end.
  public var end: Timestamp?
  /// With its unit.
  public var amount: String
  /// Absent: not limited.
  public var capacity: String?
  /// Part of the capacity, 0 ... 1.
  public var share: Double?
}

/// Something that happened: `GET /v1/events`.
public struct EventDocument: Codable, Hashable, Sendable {
  /// Rises; the `id` of server-sent events.
  public var id: UInt64
  /// When it happened, UTC.
  public var time: Timestamp
  /// `infrastructure`, `operation`, `host`, `substrate`, `offer`, `lease`, `controller`.
  public var kind: String
  /// What it is about, by name.
  public var object: String
  /// `requested`, `reserved`, `building`, `running`, `failed`, `ending`, `gone`, `lost`, `cordoned` …
  public var what: String
  /// The object's project; absent: none.
  public var project: Name?
  /// User name of who holds the object; absent: nobody.
  public var owner: String?
  /// Why, in words.
  public var cause: String?
}

/// A change of a running infrastructure: `POST /v1/infrastructures/{name}/changes`.
public enum ChangeDocument: Codable, Hashable, Sendable {
  /// Ends are `NODE` or `NODE:INTERFACE`; texts as the command line takes them.
  case connect(first: String, second: String, name: String?, type: String?, rate: String?, mtu: Int?)
  /// The wire's name, or one of its ends.
  case disconnect(wire: String)
  /// `object` is `wire/NAME` or `segment/NAME`; each setting is `KEY=VALUE`.
  case set(object: String, settings: [String])
}

/// Where a lease shall end: `PATCH /v1/infrastructures/{name}/lease`. One of the two.
public struct LeaseChange: Codable, Hashable, Sendable {
  /// RFC 3339, or `never`.
  public var end: String?
  /// How much longer, such as `2h`.
  public var extend: String?

  /// One of the two; the service refuses both and neither.
  public init(end: String? = nil, extend: String? = nil) { (self.end, self.extend) = (end, extend) }
}
