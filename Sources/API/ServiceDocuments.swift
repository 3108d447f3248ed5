import Controller
import Infrastructure
import Planning
import Quantities
import Reservations

/// `GET /v1`.
public struct ServiceDocument: Codable, Hashable, Sendable {
  public var name: String
  public var version: String
  public var api: String
  /// This controller leads; the others hand writes on to it.
  public var isLeader: Bool
  public var leader: String?
  public var time: Timestamp
  public var substrate: Name
}

/// A page of a list. `next` is the value of `after` for the next page; absent on the last.
public struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  public var items: [Item]
  public var next: String?
  /// Hosts whose agents did not answer in time, so that what they know is not among the items; absent: none.
  public var missing: [Name]?

  public init(_ items: [Item], next: String? = nil, missing: [Name]? = nil) {
    (self.items, self.next, self.missing) = (items, next, missing)
  }
}

/// `GET /v1/whoami`.
public struct IdentityDocument: Codable, Hashable, Sendable {
  public var user: String
  public var groups: [String]
  public var role: String
  /// Role by project.
  public var projects: [String: String]
  /// `socket`, `certificate`, `token` or `agent`.
  public var origin: String
}

/// One line of the calendar: `GET /v1/calendar`.
public struct BookingDocument: Codable, Hashable, Sendable {
  public var resource: String
  public var holder: Name
  public var isOffer: Bool
  public var start: Timestamp
  public var end: Timestamp?
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
  public var time: Timestamp
  /// `infrastructure`, `operation`, `host`, `substrate`, `offer`, `lease`, `controller`.
  public var kind: String
  /// What it is about, by name.
  public var object: String
  /// `requested`, `reserved`, `building`, `running`, `failed`, `ending`, `gone`, `lost`, `cordoned` …
  public var what: String
  public var project: Name?
  public var owner: String?
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

  public init(end: String? = nil, extend: String? = nil) { (self.end, self.extend) = (end, extend) }
}
