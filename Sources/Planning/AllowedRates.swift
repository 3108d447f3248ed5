import Embedding
import Infrastructure
import Quantities
import Reservations

/// What every network of some admissions may use at one moment, their maxima weighed against each other on every
/// link and uplink that they share.
public struct AllowedRates: Sendable {
  private var rates: [Key: (forward: Bitrate, reverse: Bitrate)] = [:]

  private struct Key: Hashable {
    var infrastructure, network: Name
  }

  /// Where minima exceed a link, which admission never lets happen, nobody is allowed more than the minimum.
  public init(of admissions: [Admission], on view: SubstrateView) {
    var claims: [RateClaim] = []
    var owners: [(key: Key, isReverse: Bool, isBoth: Bool)] = []
    for admission in admissions {
      for network in admission.infrastructure.networks {
        guard let tree = admission.embedding.trees[network.name], tree.hosts.count > 1 else { continue }
        let key = Key(infrastructure: admission.infrastructure.name, network: network.name)
        let links = Self.links(network, tree, admission.embedding, view)
        if network.kind == .segment {
          claims.append(RateClaim(network.rate, over: links.forward + links.reverse))
          owners.append((key, false, true))
        } else {
          claims.append(RateClaim(network.rate, over: links.forward))
          claims.append(RateClaim(network.reverseRate ?? network.rate, over: links.reverse))
          owners += [(key, false, false), (key, true, false)]
        }
      }
    }
    let found = try? RateAllocation.rates(claims, shares: view.capacity) { "resource \($0)" }
    for (index, owner) in owners.enumerated() {
      let rate = found?[index] ?? claims[index].range.minimum ?? .zero
      var both = rates[owner.key] ?? (rate, rate)
      if owner.isBoth || !owner.isReverse { both.forward = rate }
      if owner.isBoth || owner.isReverse { both.reverse = rate }
      rates[owner.key] = both
    }
  }

  /// From the first end and back; nil is not limited, or a network that stays on one host.
  public func rates(of network: Name, in infrastructure: Name) -> (forward: Bitrate?, reverse: Bitrate?) {
    guard let found = rates[Key(infrastructure: infrastructure, network: network)] else { return (nil, nil) }
    return (
      found.forward == .unlimited ? nil : found.forward, found.reverse == .unlimited ? nil : found.reverse
    )
  }

  private static func links(
    _ network: Network, _ tree: NetworkTree, _ embedding: Embedding, _ view: SubstrateView
  ) -> (forward: [Int], reverse: [Int]) {
    let numbers = view.directory.numbers
    let first = network.endpoints.first.flatMap { embedding.placement[$0.node] }
    var result: (forward: [Int], reverse: [Int]) = ([], [])
    for host in tree.hosts {
      guard let index = view.hostIndex(host) else { continue }
      let out: Resource.Direction = host == first ? .forward : .reverse
      result.forward.append(numbers[.uplink(host: index, out)])
      result.reverse.append(numbers[.uplink(host: index, out.reversed)])
    }
    let start = first.flatMap(view.hostIndex).map { view.directory.siteOfHost[$0] }
    for (link, direction) in view.directory.directions(of: tree.links, from: start) {
      result.forward.append(numbers[.link(link, direction)])
      result.reverse.append(numbers[.link(link, direction.reversed)])
    }
    return result
  }
}
