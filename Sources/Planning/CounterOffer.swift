import Embedding
import Infrastructure
import Quantities
import Reservations

/// Something close to a request that was refused, and that fits: another time, a shorter one, other places, or less.
public struct CounterOffer: Hashable, Codable, Sendable {
  public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
    case later, shorter, elsewhere, smaller
  }

  public var kind: Kind
  /// What would be built.
  public var request: VirtualInfrastructure
  public var embedding: Embedding
  public var interval: Range<Timestamp>
  /// What is different, for a person: `starts 2h later`.
  public var difference: String
  /// How far it is from what was asked, from 0; offers are ranked by it.
  public var distance: Double
}

/// Looks for counter-offers; pure, with a budget of embeddings to try.
///
/// HIPerNET answers a request that it cannot serve with one that it can (P. Vicat-Blanc Primet et al., *HIPerNET*,
/// 2009). Here: *later* tries the moments at which something ends, for only there can more become free; *shorter*
/// halves its way through the moments at which something begins; *elsewhere* drops the pins of nodes, at the
/// same time if it can; *smaller*
/// halves its way between what nodes want and the least that they accept.
public struct CounterOfferSearch {
  /// Embeddings tried for `later`.
  static let laterBudget = 48
  /// Halvings for `shorter`; `smaller` halves down to a thousandth.
  static let halvings = 7

  let view: SubstrateView
  let calendar: Calendar
  let embedder: any Embedder

  public init(_ view: SubstrateView, _ calendar: Calendar, _ embedder: any Embedder) {
    self.view = view
    self.calendar = calendar
    self.embedder = embedder
  }

  /// At most one offer of each kind, the nearest to the request first.
  public func offers(for request: VirtualInfrastructure, over interval: Range<Timestamp>) -> [CounterOffer] {
    [later(request, interval), shorter(request, interval), elsewhere(request, interval), smaller(request, interval)]
      .compactMap { $0 }.sorted { $0.distance < $1.distance }
  }

  private func embed(_ request: VirtualInfrastructure, _ interval: Range<Timestamp>) -> Embedding? {
    let duration = interval.upperBound == .distantFuture ? nil : interval.upperBound - interval.lowerBound
    let peak = request.peak(within: duration)
    return try? embedder.place(peak, on: view.over(interval, in: calendar), keeping: nil)
  }

  /// The first of the moments at which something ends where it fits.
  private func delayed(
    _ request: VirtualInfrastructure, _ interval: Range<Timestamp>
  ) -> (embedding: Embedding, interval: Range<Timestamp>)? {
    let ends = Set(
      calendar.entries.values.flatMap { $0.alternatives.joined().map(\.interval.upperBound) }
    ).filter { $0 > interval.lowerBound && $0 < .distantFuture }.sorted()
    for start in ends.prefix(Self.laterBudget) {
      let moved = start..<(interval.upperBound == .distantFuture ? .distantFuture : start + length(interval))
      guard moved.upperBound == .distantFuture || moved.upperBound <= .latest else { return nil }
      if let embedding = embed(request, moved) { return (embedding, moved) }
    }
    return nil
  }

  private func later(_ request: VirtualInfrastructure, _ interval: Range<Timestamp>) -> CounterOffer? {
    guard let (embedding, moved) = delayed(request, interval) else { return nil }
    var request = request
    request.lease.start = moved.lowerBound
    let delay = moved.lowerBound - interval.lowerBound
    return CounterOffer(
      kind: .later, request: request, embedding: embedding, interval: moved, difference: "starts \(delay.text) later",
      distance: hours(delay) / max(1, hours(length(interval))))
  }

  private func shorter(_ request: VirtualInfrastructure, _ interval: Range<Timestamp>) -> CounterOffer? {
    // Without an end there is nothing to be shortened, but an end can be offered.
    let begins = Set(calendar.entries.values.flatMap { $0.alternatives.joined().map(\.interval.lowerBound) })
      .filter { $0 > interval.lowerBound + .seconds(59) && $0 < interval.upperBound }.sorted()
    var (low, high) = (0, begins.count - 1)
    var best: (end: Timestamp, embedding: Embedding)?
    for _ in 0..<Self.halvings where low <= high {
      let middle = (low + high + 1) / 2
      if let embedding = embed(request, interval.lowerBound..<begins[middle]) {
        best = (begins[middle], embedding)
        low = middle + 1
      } else {
        high = middle - 1
      }
    }
    guard let best else { return nil }
    let shorter = interval.lowerBound..<best.end
    var request = request
    request.lease.duration = length(shorter)
    let share =
      interval.upperBound == .distantFuture ? 0.5 : hours(length(shorter)) / max(1e-9, hours(length(interval)))
    return CounterOffer(
      kind: .shorter, request: request, embedding: best.embedding, interval: shorter,
      difference: "lasts \(length(shorter).text) only", distance: 2 * (1 - share))
  }

  private func elsewhere(_ request: VirtualInfrastructure, _ interval: Range<Timestamp>) -> CounterOffer? {
    var free = request
    for index in free.nodes.indices {
      free.nodes[index].site = nil
      free.nodes[index].host = nil
      free.nodes[index].location = nil
    }
    guard free != request else { return nil }
    let now = embed(free, interval).map { (embedding: $0, interval: interval) }
    guard let (embedding, found) = now ?? delayed(free, interval) else { return nil }
    let delay = found.lowerBound - interval.lowerBound
    if delay > .zero { free.lease.start = found.lowerBound }
    let sites = Dictionary(view.substrate.hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let moved = request.nodes.filter { node in
      guard let host = embedding.placement[node.name].flatMap({ sites[$0] }) else { return true }
      return (node.site ?? host.site) != host.site || (node.host ?? host.name) != host.name
        || (node.location != nil && node.location != host.location)
    }
    let names = moved.prefix(4).map(\.name.description).joined(separator: ", ") + (moved.count > 4 ? " …" : "")
    // Later at the very places that were asked for is what `later` offers.
    guard delay == .zero || !moved.isEmpty else { return nil }
    let places = moved.isEmpty ? "other places for the nodes without pins" : "other places for \(names)"
    return CounterOffer(
      kind: .elsewhere, request: free, embedding: embedding, interval: found,
      difference: delay > .zero ? "\(places), starts \(delay.text) later" : places,
      distance: 0.5 * Double(max(1, moved.count)) / Double(max(1, request.nodes.count)) + hours(delay)
        / max(1, hours(length(interval))))
  }

  private func smaller(_ request: VirtualInfrastructure, _ interval: Range<Timestamp>) -> CounterOffer? {
    guard request.nodes.contains(where: { $0.least != nil }),
      let least = embed(request.scaled(thousandths: 0), interval)
    else { return nil }
    var best = (share: 0, embedding: least)
    var step = 500
    while step > 0 {
      if let embedding = embed(request.scaled(thousandths: best.share + step), interval) {
        best = (best.share + step, embedding)
      }
      step /= 2
    }
    return CounterOffer(
      kind: .smaller, request: request.scaled(thousandths: best.share), embedding: best.embedding, interval: interval,
      difference: "nodes have \(best.share / 10) % of the way from the least to what was wanted",
      distance: 1 - Double(best.share) / 1000)
  }

  private func length(_ interval: Range<Timestamp>) -> Duration {
    interval.upperBound == .distantFuture ? .seconds(86400) : interval.upperBound - interval.lowerBound
  }

  private func hours(_ duration: Duration) -> Double { Double(duration.components.seconds) / 3600 }
}

extension VirtualInfrastructure {
  /// Nodes that accept less have that share of the way from the least to what they want.
  fileprivate func scaled(thousandths share: Int) -> VirtualInfrastructure {
    func between(_ least: UInt64?, _ wanted: UInt64) -> UInt64 {
      guard let least, least < wanted else { return wanted }
      return least + UInt64(UInt128(wanted - least) * UInt128(share) / 1000)
    }
    var scaled = self
    // What the timeline asks of such a node later shrinks in the same share.
    for event in scaled.timeline.indices {
      for node in nodes where node.least != nil {
        guard let change = timeline[event].nodes[node.name] else { continue }
        let least = node.least ?? TimelineEvent.NodeChange()
        scaled.timeline[event].nodes[node.name] = TimelineEvent.NodeChange(
          cpu: change.cpu.map { Cores(thousandths: between(least.cpu?.thousandths, $0.thousandths)) },
          memory: change.memory.map { ByteCount(bytes: between(least.memory?.bytes, $0.bytes)) },
          storage: change.storage.map { ByteCount(bytes: between(least.storage?.bytes, $0.bytes)) })
      }
    }
    for index in scaled.nodes.indices {
      guard let least = nodes[index].least else { continue }
      scaled.nodes[index].cpu.thousandths = between(least.cpu?.thousandths, nodes[index].cpu.thousandths)
      scaled.nodes[index].memory.bytes = between(least.memory?.bytes, nodes[index].memory.bytes)
      scaled.nodes[index].storage.bytes = between(least.storage?.bytes, nodes[index].storage.bytes)
    }
    return scaled
  }
}
