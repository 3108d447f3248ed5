import Controller
import Identity
import Quantities

/// A project: `GET` and `PUT /v1/projects/{name}`.
public struct ProjectDocument: Codable, Hashable, Sendable {
  /// In a `PUT` it may be left out: the address says it.
  public var name: Name?
  /// Role by member: `anna`, `group:physics`.
  public var members: [Member: Role]
  /// Absent limits are none.
  public var quota: Quota

  /// The project with its name.
  public init(_ project: Project) { (name, members, quota) = (project.name, project.members, project.quota) }

  /// What is left out is empty. Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    // What is there must be something: null would be a quota without limits by mistake.
    func decode<Value: Decodable>(_ key: CodingKeys, _ type: Value.Type) throws -> Value? {
      fields.contains(key) ? try fields.decode(type, forKey: key) : nil
    }
    name = try decode(.name, Name.self)
    members = try decode(.members, [Member: Role].self) ?? [:]
    quota = try decode(.quota, Quota.self) ?? Quota()
  }
}

/// A quota with what is taken of it: `GET /v1/quotas`.
public struct QuotaDocument: Codable, Hashable, Sendable {
  /// Whose: a user, or all members of a project together.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable { case user, project }

  /// Whether `name` is a user's or a project's.
  public var kind: Kind
  /// Of the user or project.
  public var name: String
  /// Absent limits are none.
  public var quota: Quota
  /// What is reserved of it now; counter-offers held are not in it.
  public var used: UsedDocument

  /// The quota of a holder and what that has reserved.
  public init(_ holder: Limit.Holder, _ quota: Quota, _ used: Usage) {
    (self.quota, self.used) = (quota, UsedDocument(used))
    switch holder {
    case .user(let user): (kind, name) = (.user, user)
    case .project(let project): (kind, name) = (.project, project.description)
    }
  }
}

/// What is reserved now, by the names of the quota's limits.
public struct UsedDocument: Codable, Hashable, Sendable {
  /// Those that are not ending.
  public var infrastructures: Int
  /// Machines and routers.
  public var nodes: Int
  /// Summed over nodes.
  public var cpu: Cores
  /// Summed over nodes.
  public var memory: ByteCount
  /// Summed over nodes.
  public var storage: ByteCount
  /// Segments and wires.
  public var networks: Int
  /// One at each site that a network crosses which leaves its host.
  public var vlans: Int
  /// Over every core link that is crossed, both directions.
  public var coreRate: Bitrate

  /// What of a usage is reserved; its durations and offers are not told.
  public init(_ usage: Usage) {
    (infrastructures, nodes, cpu, memory) = (usage.infrastructures, usage.nodes, usage.cpu, usage.memory)
    (storage, networks, vlans, coreRate) = (usage.storage, usage.networks, usage.vlans, usage.coreRate)
  }
}

/// A bearer token to be issued: `POST /v1/tokens`.
public struct TokenRequest: Codable, Hashable, Sendable {
  /// What it is for, in the owner's words.
  public var label: String?
  /// What it is good for; absent is `write` and what that includes.
  public var scope: Scope?
  /// Such as `30d`; absent is 30 days.
  public var lifetime: String?

  /// `lifetime` is a duration's text, such as `30d`; nil fields are left out of the JSON.
  public init(label: String? = nil, scope: Scope? = nil, lifetime: String? = nil) {
    (self.label, self.scope, self.lifetime) = (label, scope, lifetime)
  }
}

/// A bearer token: `GET /v1/tokens`.
public struct TokenDocument: Codable, Hashable, Sendable {
  /// What the token is revoked by; no secret.
  public var id: String
  /// Name of the user whom it stands for.
  public var owner: String
  /// What it is for, in the owner's words; may be empty.
  public var label: String
  /// What it is good for, at most what its owner may do.
  public var scopes: [Scope]
  /// When it was issued, UTC.
  public var created: Timestamp
  /// From when on it is refused, UTC.
  public var expires: Timestamp
  /// To five minutes, as far as this controller knows; absent where it knows of no use.
  public var lastUsed: Timestamp?
  /// The token itself: only in the answer that issues it.
  public var secret: String?

  /// `secret` only for the answer that issues it.
  public init(
    id: String, owner: String, label: String, scopes: [Scope], created: Timestamp, expires: Timestamp,
    lastUsed: Timestamp? = nil, secret: String? = nil
  ) {
    (self.id, self.owner, self.label, self.scopes) = (id, owner, label, scopes)
    (self.created, self.expires, self.lastUsed, self.secret) = (created, expires, lastUsed, secret)
  }
}

/// A one-time token for a host's agent, to be issued: `POST /v1/enrolments`.
public struct EnrolmentOrder: Codable, Hashable, Sendable {
  /// The host whose agent may use it, once.
  public var host: Name
  /// Such as `1h`; absent is an hour.
  public var lifetime: String?

  /// `lifetime` is a duration's text, such as `1h`, up to 30 days.
  public init(host: Name, lifetime: String? = nil) { (self.host, self.lifetime) = (host, lifetime) }
}

/// The answer to it: the token is shown once.
public struct EnrolmentGrant: Codable, Hashable, Sendable {
  /// The host whose agent may use it.
  public var host: Name
  /// The token itself, `vce_…`.
  public var token: String
  /// From when on it is refused, UTC.
  public var expires: Timestamp
  /// SHA-256 of the authority's certificate, hexadecimal: by which the agent knows the controller at first contact.
  public var fingerprint: String

  /// `fingerprint` is 64 lower-case hexadecimal digits.
  public init(host: Name, token: String, expires: Timestamp, fingerprint: String) {
    (self.host, self.token, self.expires, self.fingerprint) = (host, token, expires, fingerprint)
  }
}

/// What a user or project took: `GET /v1/usage`.
public struct UsageDocument: Codable, Hashable, Sendable {
  /// The user or project; absent for what is in no project.
  public var name: String?
  /// Where parts of the interval were asked for: when this part begins.
  public var from: Timestamp?
  /// How many had a part of the interval.
  public var infrastructures: Int
  /// Processor cores times hours.
  public var coreHours: Double
  /// Memory: gibibytes times hours.
  public var gibibyteHours: Double
  /// Over core links, by what was promised: gigabits.
  public var promisedGigabits: Double
  /// By the substrate's prices.
  public var cost: Double

  /// Sums as they are told: rounding is the caller's.
  public init(
    name: String?, from: Timestamp? = nil, infrastructures: Int, coreHours: Double, gibibyteHours: Double,
    promisedGigabits: Double, cost: Double
  ) {
    (self.name, self.from, self.infrastructures, self.coreHours) = (name, from, infrastructures, coreHours)
    (self.gibibyteHours, self.promisedGigabits, self.cost) = (gibibyteHours, promisedGigabits, cost)
  }
}

/// One line of the audit log: `GET /v1/audit`.
public struct AuditDocument: Codable, Hashable, Sendable {
  /// When it was answered, UTC.
  public var time: Timestamp
  /// Empty where nobody was known.
  public var user: String
  /// How they were known: `socket`, `certificate`, `token ID`, `agent` or `nobody`.
  public var origin: String
  /// Whence: an address, or `unix`.
  public var address: String
  /// What was asked for: the operation's name in the API's description.
  public var action: String
  /// What was acted on, by name; absent where the action has no object.
  public var object: String?
  /// `done`, or the problem's code.
  public var outcome: String

  /// The entry as the store has it.
  public init(_ entry: AuditEntry) {
    (time, user, origin, address) = (entry.time, entry.user, entry.origin, entry.address)
    (action, object, outcome) = (entry.action, entry.object, entry.outcome)
  }
}
