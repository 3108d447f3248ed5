import Linux
import Quantities

extension Dataplane {
  /// What passed one place in one direction.
  public struct Tally: Hashable, Codable, Sendable {
    public var frames: UInt64 = 0
    /// Of Ethernet frames without preamble, tag and checksum, since the programs were loaded.
    public var octets: UInt64 = 0
    /// Over the last second, and over the last minute, of what a guest sends; else zero: estimates that take the last whole one for as far as the
    /// current one has not gone yet.
    public var lastSecond = Bitrate.zero
    public var lastMinute = Bitrate.zero

    /// Nothing yet.
    public init() {}
  }

  /// Where frames are counted.
  public enum Counted: UInt32, CaseIterable, Sendable {
    /// By a guest's port.
    case fromGuest, toGuest
  }

  /// All that was counted, by place and port. `now`: ns of `CLOCK_MONOTONIC`.
  public func tallies(now: UInt64) throws -> [Counted: [UInt32: Tally]] {
    var result: [Counted: [UInt32: Tally]] = [:]
    guard found(.host) != nil else { return result }
    let table: HashMap<PairKey, TallyValue> = try map("tallies", .host, isPerCPU: true)
    for key in try table.keys() {
      guard let place = Counted(rawValue: key.first) else { continue }
      result[place, default: [:]][key.second] = Tally(try table.values(of: key), now: now)
    }
    return result
  }

  /// Frames dropped at each port, by reason.
  public func portDrops() throws -> [UInt32: [DropReason: UInt64]] {
    guard found(.host) != nil else { return [:] }
    let table: HashMap<PairKey, UInt64> = try map("port_drops", .host, isPerCPU: true)
    var result: [UInt32: [DropReason: UInt64]] = [:]
    for key in try table.keys() {
      guard let reason = DropReason(rawValue: key.second) else { continue }
      result[key.first, default: [:]][reason] = try table.values(of: key).reduce(0, +)
    }
    return result
  }
}

extension Dataplane.Tally {
  /// Sums what each processor counted.
  init(_ parts: [TallyValue], now: UInt64) {
    for part in parts {
      frames &+= part.frames
      octets &+= part.octets
    }
    lastSecond = Self.rate(parts.map(\.second), now: now, length: 1_000_000_000)
    lastMinute = Self.rate(parts.map(\.minute), now: now, length: 60_000_000_000)
  }

  private static func rate(_ windows: [WindowValue], now: UInt64, length: UInt64) -> Bitrate {
    let (number, passed) = now.quotientAndRemainder(dividingBy: length)
    let part = Double(passed) / Double(length)
    var octets = 0.0
    for window in windows {
      if window.number == number {
        octets += Double(window.current) + Double(window.previous) * (1 - part)
      } else if window.number + 1 == number {
        octets += Double(window.current) * (1 - part)
      }
    }
    return Bitrate(bitsPerSecond: UInt64(octets * 8e9 / Double(length)))
  }
}
