import Infrastructure
import Quantities

/// What one network asks of the links that it crosses: of a segment once, of a wire once for each direction.
public struct RateClaim: Hashable, Sendable {
  public var range: RateRange
  /// Numbers of the links, such as those of `ResourceNumbers`; one that stands twice counts once.
  public var links: [Int]

  public init(_ range: RateRange, over links: [Int]) {
    self.range = range
    self.links = links
  }
}

/// How several links are shared among networks that cross some of them each: a network has one rate, which all
/// its links must bear.
///
/// Max-min fairness of what each network gets above its minimum, by progressive filling (Bertsekas and Gallager,
/// *Data Networks*, 2nd edition, section 6.5.2): all rates rise alike above the minima; when a network reaches its
/// maximum it stops, and when a link is full all networks that cross it stop. Nobody can then get more without
/// taking from one that has no more above its minimum. On a single link this is `RateShare`; over several links
/// the sum of all rates is not the largest possible, for that would starve networks with many links.
///
/// Rates are whole bits a second. A link is full when it cannot give one bit more to each of those that still
/// rise. The bits that are left are then given out, first one to each, then all there are, in the order of rising
/// room between minimum and maximum, then of the claims. So no bit that somebody could have is left, and fairness
/// is exact to fewer bits than networks cross a link.
public enum RateAllocation {
  /// The rate that each of `claims` may have, in their order.
  ///
  /// With n claims that cross m links in all, it takes O(n log n + m log m) time and O(n + m) memory.
  ///
  /// - Parameters:
  ///   - shares: bits a second of the link with that number, best effort taken off, such as
  ///     `Substrate.capacities`; `UInt64.max` is not limited.
  ///   - name: what a link is called in problems, such as `Substrate.name(of:)`.
  /// - Returns: `Bitrate.unlimited` for a claim that neither its links nor its maximum limit.
  /// - Throws: `Problem` of kind `.refused` that says how much the first link lacks whose minima do not fit.
  public static func rates(
    _ claims: [RateClaim], shares: [UInt64], name: (Int) -> String
  ) throws(Problem) -> [Bitrate] {
    var filling = Filling(claims, shares)
    for (index, link) in filling.links.enumerated() where filling.promised[index] > UInt128(shares[link]) {
      throw .rateExceeded(name(link), promised: filling.promised[index], share: shares[link])
    }
    filling.run()
    return zip(claims, filling.extra).map { Bitrate(bitsPerSecond: $0.range.guaranteed + $1) }
  }
}

/// The state of progressive filling.
private struct Filling {
  /// Numbers of the limited links that somebody crosses, rising.
  let links: [Int]
  /// Sums of the minima on each of `links`.
  private(set) var promised: [UInt128]
  /// What each claim has above its minimum.
  private(set) var extra: [UInt64]

  /// What each claim can have above its minimum on empty links.
  private let room: [UInt64]
  /// Claims by rising room.
  private let order: [Int]
  /// Positions in `links` of each claim, and the claims on each link.
  private let crossed: [[Int]]
  private var members: [[Int]]
  private var isRising: [Bool]
  /// Of each link: what is not given yet, and to how many it will be.
  private var left: [UInt64]
  private var rising: [UInt64]

  init(_ claims: [RateClaim], _ shares: [UInt64]) {
    let limited = claims.map { Set($0.links.filter { shares[$0] != .max }).sorted() }
    let links = Set(limited.joined()).sorted()
    let positions = Dictionary(links.enumerated().map { ($1, $0) }) { first, _ in first }
    let crossed = limited.map { $0.compactMap { positions[$0] } }
    let room = zip(claims, limited).map { claim, own in
      claim.range.room(within: own.reduce(UInt64.max) { min($0, shares[$1]) })
    }
    promised = Array(repeating: 0, count: links.count)
    members = Array(repeating: [], count: links.count)
    for (claim, own) in crossed.enumerated() {
      for link in own {
        promised[link] += UInt128(claims[claim].range.guaranteed)
        members[link].append(claim)
      }
    }
    left = zip(links, promised).map { UInt128(shares[$0]) > $1 ? shares[$0] - UInt64($1) : 0 }
    rising = members.map { UInt64($0.count) }
    order = claims.indices.sorted { room[$0] != room[$1] ? room[$0] < room[$1] : $0 < $1 }
    extra = Array(repeating: 0, count: claims.count)
    isRising = Array(repeating: true, count: claims.count)
    (self.links, self.crossed, self.room) = (links, crossed, room)
  }

  mutating func run() {
    // How high the level can rise before each link is full; it never falls, for who stops leaves no less.
    var levels = LevelTree(links.indices.map { left[$0] / max(1, rising[$0]) })
    for claim in order {
      while isRising[claim], let (link, level) = levels.lowest, level < room[claim] {
        for member in members[link] where isRising[member] { stop(member, at: level, &levels) }
        levels[link] = .max
      }
      if isRising[claim] { stop(claim, at: room[claim], &levels) }
    }
    handOut { min($0, 1) }
    handOut { $0 }
  }

  private mutating func stop(_ claim: Int, at level: UInt64, _ levels: inout LevelTree) {
    isRising[claim] = false
    extra[claim] = level
    for link in crossed[claim] {
      left[link] -= level
      rising[link] -= 1
      levels[link] = rising[link] == 0 ? .max : left[link] / rising[link]
    }
  }

  /// Gives each claim in turn some of what it could still have.
  private mutating func handOut(_ some: (UInt64) -> UInt64) {
    for claim in order where extra[claim] < room[claim] {
      let more = some(crossed[claim].reduce(room[claim] - extra[claim]) { min($0, left[$1]) })
      extra[claim] += more
      for link in crossed[claim] { left[link] -= more }
    }
  }
}
