import Quantities

/// How much of what can be reserved somebody has, or asks for.
public struct Usage: Hashable, Sendable {
  /// How many infrastructures, 0 on.
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
  /// Summed over every core link that is crossed and both directions.
  public var coreRate: Bitrate
  /// Of one infrastructure: the longest, not the sum.
  public var longestLease: Duration
  /// From now to the latest start.
  public var startsAhead: Duration
  /// Infrastructures for which counter-offers are held.
  public var offers: Int

  /// Nothing, unless it is said.
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

  /// The same in place.
  public static func += (a: inout Usage, b: Usage) { a = a + b }

  /// Never wraps: an absurd sum must not look small.
  private static func sum<Number: FixedWidthInteger>(_ a: Number, _ b: Number) -> Number {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
