import Infrastructure
import Quantities

/// Merges the cables between two places into one core link.
///
/// Rates of parallel cables are added up, and the larger latency counts. A core link has one rate for both
/// directions: where a directed graph gives each direction its own cables, the smaller sum counts.
struct CableBundle {
  fileprivate struct Sum {
    var link: CoreLink
    /// In bit/s; nil is not limited. Of cables both ways, from the first end, and from the second.
    var both, forward, reverse: Rate
  }

  fileprivate struct Rate {
    var isThere = false
    /// Nil is not limited.
    var sum: UInt64? = 0
  }

  private struct Ends: Hashable {
    var low, high: Int
  }

  /// 1 Pbit/s, so that the sums over a path fit into 64 bits.
  private static let maximum: UInt64 = 1_000_000_000_000_000

  private let names: [Name]
  private var sums: [Sum] = []
  private var positions: [Ends: Int] = [:]

  init(names: [Name]) { self.names = names }

  /// Takes a cable between the places at these positions. Throws `out-of-bounds` for a rate above 1 Pbit/s.
  mutating func add(
    _ cable: TopologyDraft.Cable, from source: Int, to target: Int, rate: Bitrate?, latency: Duration
  ) throws(Problem) {
    let ends = Ends(low: min(source, target), high: max(source, target))
    let position = positions[ends] ?? sums.count
    if position == sums.count {
      let link = CoreLink(ends: Pair(names[source], names[target]), latency: latency)
      sums.append(Sum(link: link, both: Rate(), forward: Rate(), reverse: Rate()))
      positions[ends] = position
    }
    let isForward = sums[position].link.ends.first == names[source]
    let part = !cable.isDirected ? \Sum.both : isForward ? \Sum.forward : \Sum.reverse
    sums[position].link.latency = max(sums[position].link.latency, latency)
    sums[position][keyPath: part].isThere = true
    guard let rate, let sum = sums[position][keyPath: part].sum else {
      sums[position][keyPath: part].sum = nil
      return
    }
    let (total, overflow) = sum.addingReportingOverflow(rate.bitsPerSecond)
    guard !overflow, total <= Self.maximum else {
      throw cable.mark.problem(
        "out-of-bounds", "The links between '\(names[source])' and '\(names[target])' have more than 1 Pbit/s.",
        remedy: "Give their rates in bit/s.")
    }
    sums[position][keyPath: part].sum = total
  }

  /// In the order in which each pair first was joined.
  var links: [CoreLink] {
    sums.map { sum in
      var link = sum.link
      link.rate = sum.rate.map(Bitrate.init(bitsPerSecond:))
      return link
    }
  }
}

extension CableBundle.Sum {
  /// Nil is not limited.
  fileprivate var rate: UInt64? {
    let directions = [forward, reverse].filter(\.isThere).map { $0.sum ?? .max }
    guard let both = both.sum else { return nil }
    guard let least = directions.min() else { return both }
    return least == .max ? nil : both + least
  }
}
