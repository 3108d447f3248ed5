import Quantities

/// How much of what can be reserved somebody has, or asks for.
public struct Usage: Hashable, Sendable {
  public var infrastructures: Int
  public var nodes: Int
  public var cpu: Cores
  public var memory: ByteCount
  public var storage: ByteCount
  public var networks: Int
  public var vlans: Int
  /// Summed over every core link that is crossed and both directions.
  public var coreRate: Bitrate
  /// Of one infrastructure: the longest, not the sum.
  public var longestLease: Duration
  /// From now to the latest start.
  public var startsAhead: Duration
  /// Infrastructures for which counter-offers are held.
  public var offers: Int

  public init(
    infrastructures: Int = 0, nodes: Int = 0, cpu: Cores = .zero, memory: ByteCount = .zero,
    storage: ByteCount = .zero, networks: Int = 0, vlans: Int = 0, coreRate: Bitrate = .zero,
    longestLease: Duration = .zero, startsAhead: Duration = .zero, offers: Int = 0
  ) {
    self.infrastructures = infrastructures
    self.nodes = nodes
    self.cpu = cpu
    self.memory = memory
    self.storage = storage
    self.networks = networks
    self.vlans = vlans
    self.coreRate = coreRate
    self.longestLease = longestLease
    self.startsAhead = startsAhead
    self.offers = offers
  }

  /// Amounts add up, to their types' limits; of the two durations the longer stays.
  public static func + (a: Usage, b: Usage) -> Usage {
    Usage(
      infrastructures: sum(a.infrastructures, b.infrastructures), nodes: sum(a.nodes, b.nodes),
      cpu: Cores(thousandths: sum(a.cpu.thousandths, b.cpu.thousandths)),
      memory: ByteCount(bytes: sum(a.memory.bytes, b.memory.bytes)),
      storage: ByteCount(bytes: sum(a.storage.bytes, b.storage.bytes)), networks: sum(a.networks, b.networks),
      vlans: sum(a.vlans, b.vlans),
      coreRate: Bitrate(bitsPerSecond: sum(a.coreRate.bitsPerSecond, b.coreRate.bitsPerSecond)),
      longestLease: max(a.longestLease, b.longestLease), startsAhead: max(a.startsAhead, b.startsAhead),
      offers: sum(a.offers, b.offers))
  }

  public static func += (a: inout Usage, b: Usage) { a = a + b }

  /// Never wraps: an absurd sum must not look small.
  private static func sum<Number: FixedWidthInteger>(_ a: Number, _ b: Number) -> Number {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}

extension Usage: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case infrastructures, nodes, cpu, memory, storage, networks, vlans, coreRate, longestLease, startsAhead, offers
  }

  /// What is left out is zero. Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(beyond: CodingKeys.self)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      infrastructures: try fields.decodeIfPresent(Int.self, forKey: .infrastructures) ?? 0,
      nodes: try fields.decodeIfPresent(Int.self, forKey: .nodes) ?? 0,
      cpu: try fields.decodeIfPresent(Cores.self, forKey: .cpu) ?? .zero,
      memory: try fields.decodeIfPresent(ByteCount.self, forKey: .memory) ?? .zero,
      storage: try fields.decodeIfPresent(ByteCount.self, forKey: .storage) ?? .zero,
      networks: try fields.decodeIfPresent(Int.self, forKey: .networks) ?? 0,
      vlans: try fields.decodeIfPresent(Int.self, forKey: .vlans) ?? 0,
      coreRate: try fields.decodeIfPresent(Bitrate.self, forKey: .coreRate) ?? .zero,
      longestLease: try fields.decodeIfPresent(DurationText.self, forKey: .longestLease)?.duration ?? .zero,
      startsAhead: try fields.decodeIfPresent(DurationText.self, forKey: .startsAhead)?.duration ?? .zero,
      offers: try fields.decodeIfPresent(Int.self, forKey: .offers) ?? 0)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(infrastructures, forKey: .infrastructures)
    try fields.encode(nodes, forKey: .nodes)
    try fields.encode(cpu, forKey: .cpu)
    try fields.encode(memory, forKey: .memory)
    try fields.encode(storage, forKey: .storage)
    try fields.encode(networks, forKey: .networks)
    try fields.encode(vlans, forKey: .vlans)
    try fields.encode(coreRate, forKey: .coreRate)
    try fields.encode(DurationText(longestLease), forKey: .longestLease)
    try fields.encode(DurationText(startsAhead), forKey: .startsAhead)
    try fields.encode(offers, forKey: .offers)
  }
}
