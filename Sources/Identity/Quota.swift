import Quantities

/// The most that somebody may have reserved at once; nil where there is no limit.
public struct Quota: Hashable, Sendable {
  /// Reserved, building, running, paused, failed or ending at once.
  public var infrastructures: Int?
  /// Machines and routers.
  public var nodes: Int?
  /// Summed over nodes.
  public var cpu: Cores?
  /// Summed over nodes.
  public var memory: ByteCount?
  /// Summed over nodes.
  public var storage: ByteCount?
  /// Segments and wires.
  public var networks: Int?
  /// One at each site that a network crosses which leaves its host.
  public var vlans: Int?
  /// Over every core link that is crossed and both directions.
  public var coreRate: Bitrate?
  /// Of any one infrastructure.
  public var longestLease: Duration?
  /// How far from now a reservation may start.
  public var startsAhead: Duration?
  /// Infrastructures for which counter-offers are held at once; what is beyond is not refused, but the oldest are
  /// given up. Nil is 4 for a user.
  public var offers: Int?

  /// No limits.
  public init() {}

  /// In each field the higher limit; none where one of the two has none.
  public func mostGenerous(with other: Quota) -> Quota {
    func higher<Value: Comparable>(_ a: Value?, _ b: Value?) -> Value? {
      guard let a, let b else { return nil }
      return max(a, b)
    }
    var quota = Quota()
    quota.infrastructures = higher(infrastructures, other.infrastructures)
    quota.nodes = higher(nodes, other.nodes)
    quota.cpu = higher(cpu, other.cpu)
    quota.memory = higher(memory, other.memory)
    quota.storage = higher(storage, other.storage)
    quota.networks = higher(networks, other.networks)
    quota.vlans = higher(vlans, other.vlans)
    quota.coreRate = higher(coreRate, other.coreRate)
    quota.longestLease = higher(longestLease, other.longestLease)
    quota.startsAhead = higher(startsAhead, other.startsAhead)
    quota.offers = higher(offers, other.offers)
    return quota
  }
}

extension Quota: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case infrastructures, nodes, cpu, memory, storage, networks, vlans, coreRate, longestLease, startsAhead, offers
  }

  /// What is left out has no limit; durations are text, `7d`. Throws a `DecodingError`, also for a key that is
  /// not known: a misspelt limit would be none.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(beyond: CodingKeys.self)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    infrastructures = try Self.count(fields, .infrastructures)
    nodes = try Self.count(fields, .nodes)
    cpu = try fields.decodeIfPresent(Cores.self, forKey: .cpu)
    memory = try fields.decodeIfPresent(ByteCount.self, forKey: .memory)
    storage = try fields.decodeIfPresent(ByteCount.self, forKey: .storage)
    networks = try Self.count(fields, .networks)
    vlans = try Self.count(fields, .vlans)
    coreRate = try fields.decodeIfPresent(Bitrate.self, forKey: .coreRate)
    longestLease = try fields.decodeIfPresent(DurationText.self, forKey: .longestLease)?.wrappedValue
    startsAhead = try fields.decodeIfPresent(DurationText.self, forKey: .startsAhead)?.wrappedValue
    offers = try Self.count(fields, .offers)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(infrastructures, forKey: .infrastructures)
    try fields.encodeIfPresent(nodes, forKey: .nodes)
    try fields.encodeIfPresent(cpu, forKey: .cpu)
    try fields.encodeIfPresent(memory, forKey: .memory)
    try fields.encodeIfPresent(storage, forKey: .storage)
    try fields.encodeIfPresent(networks, forKey: .networks)
    try fields.encodeIfPresent(vlans, forKey: .vlans)
    try fields.encodeIfPresent(coreRate, forKey: .coreRate)
    try fields.encodeIfPresent(longestLease.map(DurationText.init(wrappedValue:)), forKey: .longestLease)
    try fields.encodeIfPresent(startsAhead.map(DurationText.init(wrappedValue:)), forKey: .startsAhead)
    try fields.encodeIfPresent(offers, forKey: .offers)
  }

  private static func count(_ fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> Int? {
    guard let number = try fields.decodeIfPresent(Int.self, forKey: key) else { return nil }
    guard number >= 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: fields, debugDescription: "\(number) is no limit: it is below zero.")
    }
    return number
  }
}
