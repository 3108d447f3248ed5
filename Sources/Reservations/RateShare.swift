import Infrastructure
import Quantities

/// How one direction of a link is shared among the wires that cross it: the bandwidth services of Vicat-Blanc
/// Primet et al., *HIPerNET* (2009).
///
/// Each wire has a guaranteed minimum and an allowed maximum (static: both alike; none: whatever the link has).
/// The rates that it allows add up to as much as is possible, `min(share, sum of the maxima)`, with every minimum
/// kept and no maximum exceeded. What is left beyond the minima is shared by max-min fairness of what each wire
/// gets above its minimum (water-filling; Bertsekas and Gallager, *Data Networks*, 2nd edition, section 6.5.2):
/// all get equally much more than their minimum, except those that reach their maximum earlier. Rates are whole
/// bits a second; what cannot be divided goes, a bit each, first to the wires with the least room between minimum
/// and maximum, among equals by their order.
///
/// Making it takes O(n log n). A wire that starts, ends or changes takes O(n) by moving memory and adding up;
/// one wire's rate is found in O(log n), for only the water level is kept, not the rates.
public struct RateShare<Wire: Hashable & Comparable & Sendable>: Sendable {
  /// Bits a second that are shared, best effort taken off; `UInt64.max` is not limited.
  public let share: UInt64
  /// What the link is called in problems, in the middle of a sentence.
  public let name: String
  /// The sum of the minima in bits a second, at most `share`.
  public private(set) var promised: UInt64 = 0
  /// What each wire may have.
  public private(set) var ranges: [Wire: RateRange] = [:]

  /// The wires by rising room between minimum and maximum, and their rooms: two arrays, for levels are found by
  /// the rooms alone.
  private var order: [Wire] = []
  private var rooms: [UInt64] = []
  /// So many wires have all their room; the others have `level` of it, the first `remainder` of them one bit more.
  private var full = 0
  private var level: UInt64 = 0
  private var remainder = 0

  /// Shares the link among `wires`.
  ///
  /// - Parameters:
  ///   - share: as `Substrate.capacity(of:)` gives it for an uplink or a core link.
  ///   - name: as `Substrate.name(of:)` gives it.
  /// - Throws: `Problem` of kind `.refused` that says how much the minima lack.
  public init(_ share: UInt64, of name: String, among wires: [Wire: RateRange] = [:]) throws(Problem) {
    self.share = share
    self.name = name
    ranges = wires
    let sum = wires.values.reduce(UInt128(0)) { $0 + UInt128($1.guaranteed) }
    promised = try affordable(sum)
    sort()
    settle()
  }

  /// Starts a wire, or changes what it may have.
  ///
  /// Nothing changes when it throws, a `Problem` of kind `.refused` that says how much the minima lack.
  public mutating func set(_ wire: Wire, to range: RateRange) throws(Problem) {
    let freed = ranges[wire]?.guaranteed ?? 0
    promised = try affordable(UInt128(promised - freed) + UInt128(range.guaranteed))
    take(wire)
    let position = position(of: wire, room(range))
    order.insert(wire, at: position)
    rooms.insert(room(range), at: position)
    ranges[wire] = range
    settle()
  }

  /// Ends a wire; one that there is not is no matter.
  public mutating func remove(_ wire: Wire) {
    guard let range = ranges[wire] else { return }
    take(wire)
    ranges[wire] = nil
    promised -= range.guaranteed
    settle()
  }

  /// The rate that a wire may have now, at least its minimum; nil for one that there is not.
  ///
  /// Where neither the link nor the wire is limited, it is `Bitrate.unlimited`.
  public func allowed(_ wire: Wire) -> Bitrate? {
    guard let range = ranges[wire] else { return nil }
    return rate(range, at: position(of: wire, room(range)))
  }

  /// The rates of all wires.
  public var allowed: [Wire: Bitrate] {
    var rates: [Wire: Bitrate] = Dictionary(minimumCapacity: order.count)
    for (position, wire) in order.enumerated() {
      if let range = ranges[wire] { rates[wire] = rate(range, at: position) }
    }
    return rates
  }

  private func rate(_ range: RateRange, at position: Int) -> Bitrate {
    let extra = position < full ? rooms[position] : level + (position < full + remainder ? 1 : 0)
    return Bitrate(bitsPerSecond: range.guaranteed + extra)
  }

  private mutating func sort() {
    // Numbers are moved faster than wires, which are mostly names.
    let wires = Array(ranges.keys)
    let claims = wires.enumerated().map { (room: room(ranges[$1] ?? RateRange()), wire: $0) }.sorted {
      $0.room != $1.room ? $0.room < $1.room : wires[$0.wire] < wires[$1.wire]
    }
    order = claims.map { wires[$0.wire] }
    rooms = claims.map(\.room)
  }

  /// Raises the level until the share is used up: wires with less room than that are full.
  private mutating func settle() {
    (full, level, remainder) = (rooms.count, 0, 0)
    guard share != .max else { return }
    var left = share - promised
    for (position, room) in rooms.enumerated() {
      let others = UInt64(rooms.count - position)
      let (sum, overflow) = room.multipliedReportingOverflow(by: others)
      guard !overflow, sum <= left else {
        (full, level, remainder) = (position, left / others, Int(left % others))
        return
      }
      left -= room
    }
  }

  private func room(_ range: RateRange) -> UInt64 { range.room(within: share) }

  private func affordable(_ sum: UInt128) throws(Problem) -> UInt64 {
    guard sum <= UInt128(share) else { throw .rateExceeded(name, promised: sum, share: share) }
    return UInt64(sum)
  }

  /// Takes a wire out of the order.
  private mutating func take(_ wire: Wire) {
    guard let range = ranges[wire] else { return }
    let position = position(of: wire, room(range))
    order.remove(at: position)
    rooms.remove(at: position)
  }

  /// Where a wire with that room is in the order, or belongs.
  private func position(of wire: Wire, _ room: UInt64) -> Int {
    var (low, high) = (0, rooms.count)
    while low < high {
      let middle = (low + high) / 2
      if rooms[middle] != room ? rooms[middle] < room : order[middle] < wire { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Bitrate {
  /// The largest that there is, which stands for no limit.
  public static let unlimited = Bitrate(bitsPerSecond: UInt64(Int64.max))
}

extension RateRange {
  /// The minimum in bits a second.
  var guaranteed: UInt64 { minimum?.bitsPerSecond ?? 0 }

  /// What lies between the minimum and the maximum where a link, or the narrowest of some, has that share; a
  /// maximum below the minimum, which no reader lets pass, counts as the minimum.
  func room(within share: UInt64) -> UInt64 {
    let most = min(maximum?.bitsPerSecond ?? .max, share, Bitrate.unlimited.bitsPerSecond)
    return most > guaranteed ? most - guaranteed : 0
  }
}

extension Problem {
  /// The minima on the link `name` are more than its share.
  static func rateExceeded(_ name: String, promised: UInt128, share: UInt64) -> Problem {
    func text(_ rate: UInt128) -> String { "\(Bitrate(bitsPerSecond: UInt64(clamping: rate)))" }
    return Problem(
      .refused, "rate-exceeded",
      "The \(name) lacks \(text(promised - UInt128(share))): minimum rates of \(text(promised)) are asked of it, but "
        + "it has \(text(UInt128(share))) to promise.",
      remedy: "Ask for lower minimum rates, at another time, or for another place.")
  }
}
