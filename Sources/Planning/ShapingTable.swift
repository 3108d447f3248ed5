import Embedding
import Infrastructure
import Quantities
import Reservations

/// Collects who crosses which link, and gives each a class there.
///
/// Everybody who crosses a limited link has a class: a network that is promised nothing, too, so that it gets its
/// share of what is left. A link that is not limited has classes for those with a maximum only; all others are not
/// queued on it.
struct ShapingTable {
  private struct Place: Hashable {
    /// Namespace of the device.
    var device: String
    var interface: String
  }

  private struct Crossing {
    var network: UInt32
    var range: RateRange
    /// What it is allowed above its minimum when all others use theirs, in bit/s.
    var weight: UInt64
  }

  private let rates: [Place: Bitrate]
  private var places: [Place: [UInt16: Crossing]] = [:]

  /// Classes that an interface has room for, some left free so that one is found soon.
  private static let most = 60_000

  /// `ends`: every cable's ends with the link's rate.
  init(_ ends: [(device: String, interface: String, rate: Bitrate)]) {
    rates = Dictionary(
      ends.map { (Place(device: $0.device, interface: $0.interface), $0.rate) }, uniquingKeysWith: { a, _ in a })
  }

  /// The class of `network` on what goes out of `interface`; nil where it is not queued there.
  ///
  /// The number follows from the network's, so that it stays the same while others come and go; where it is taken it
  /// is the next one that is free.
  mutating func classID(
    of network: UInt32, on interface: String, of device: String, _ range: RateRange, allowed: Bitrate?
  ) -> UInt16? {
    let place = Place(device: device, interface: interface)
    guard rates[place] != nil || range.maximum != nil else { return nil }
    // As many as HTB can number: whoever comes after shares the class of what belongs to no network.
    if places[place].map({ $0.count >= Self.most }) ?? false { return .max }
    let first = UInt32(ClassPlan.firstID)
    let count = 65535 - first
    var id = UInt16(first + network % count)
    while let taken = places[place]?[id], taken.network != network { id = id == 65534 ? ClassPlan.firstID : id + 1 }
    let minimum = range.minimum?.bitsPerSecond ?? 0
    let most = allowed ?? rates[place] ?? .unlimited
    places[place, default: [:]][id] = Crossing(
      network: network, range: range, weight: most.bitsPerSecond > minimum ? most.bitsPerSecond - minimum : 0)
    return id
  }

  /// The shapers of every device, by its namespace, in the order of interfaces.
  func shapers() -> [String: [ShaperPlan]] {
    let all = Set(rates.keys).union(places.keys).map { ($0, shaper(at: $0)) }
    return Dictionary(grouping: all, by: \.0.device).mapValues { found in
      found.map(\.1).sorted { $0.interface < $1.interface }
    }
  }

  private func shaper(at place: Place) -> ShaperPlan {
    let crossings = places[place] ?? [:]
    let heaviest = max(1, crossings.values.lazy.map(\.weight).max() ?? 1)
    let classes = crossings.sorted { $0.key < $1.key }.map { id, crossing in
      ClassPlan(
        id: id, network: crossing.network, minimum: crossing.range.minimum, maximum: crossing.range.maximum,
        quantum: Self.quantum(crossing.weight, of: heaviest))
    }
    return ShaperPlan(interface: place.interface, rate: rates[place], classes: classes)
  }

  /// What is left unused is shared out in turns, whose sizes are in the proportion of what each is allowed above its
  /// minimum: with everybody sending, each gets just what the allocator allows.
  private static func quantum(_ weight: UInt64, of heaviest: UInt64) -> UInt32 {
    let (high, low) = weight.multipliedFullWidth(by: 200_000)
    return UInt32(clamping: max(1514, heaviest.dividingFullWidth((high, low)).quotient))
  }
}
