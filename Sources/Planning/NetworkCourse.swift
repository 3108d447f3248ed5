import Embedding
import Infrastructure
import Quantities

/// The course of one network: how it is carried, and in which direction each link on its way leads.
struct NetworkCourse {
  let network: Network
  let number: UInt32
  let tree: NetworkTree
  let carriage: Carriage
  let mtu: Int
  /// From the first end and back; nil is not limited.
  let allowed: (forward: Bitrate?, reverse: Bitrate?)
  /// Host of the first end.
  let start: Name?
  /// Tag of IEEE 802.1ad on core links; nil where the core has none.
  let outer: VLANID?
  /// Next hop towards each host of the tree, by site.
  private let next: [Name: [Name: Hop]]
  /// Links that lead away from the first end's site in the direction in which they were written.
  private let forwardLinks: Set<Int>

  enum Hop: Hashable {
    case host(Name)
    case link(Int)
  }

  init(
    _ network: Network, number: UInt32, tree: NetworkTree, carriage: Carriage, mtu: Int,
    allowed: (forward: Bitrate?, reverse: Bitrate?), start: Name?, outer: VLANID?, on topology: Topology
  ) {
    self.network = network
    self.number = number
    self.tree = tree
    self.carriage = carriage
    self.mtu = mtu
    self.allowed = allowed
    self.start = start
    self.outer = outer
    next = carriage == .local || carriage == .vlan ? [:] : Self.hops(tree, topology)
    forwardLinks = Self.forwardLinks(tree, from: start.flatMap { topology.host($0)?.site }, topology)
  }

  /// What is on the way between hosts: the network itself, or what carries its encrypted frames, which has a number
  /// of its own, so that one can take the other's place while traffic flows.
  var carrier: UInt32 {
    if case .tunnel = carriage { number | 1 << 23 } else { number }
  }

  /// A wire's rate in the direction of what leaves `host`; a segment's is the same both ways.
  func range(leaving host: Name) -> (range: RateRange, allowed: Bitrate?) { direction(isForward: host == start) }

  /// The same of what a switch sends to `host`.
  func range(towards host: Name) -> (range: RateRange, allowed: Bitrate?) { direction(isForward: host != start) }

  /// The same of what goes over a core link from `site`.
  func range(over link: Int, from site: Name, on topology: Topology) -> (range: RateRange, allowed: Bitrate?) {
    let isWritten = topology.substrate.links[link].ends.first == site
    return direction(isForward: forwardLinks.contains(link) == isWritten)
  }

  private func direction(isForward: Bool) -> (range: RateRange, allowed: Bitrate?) {
    isForward || network.kind == .segment
      ? (network.rate, allowed.forward) : (network.reverseRate ?? network.rate, allowed.reverse)
  }

  /// Where a site's switch sends what is for a host.
  func hop(at site: Name, towards host: Name) -> Hop? { next[site]?[host] }

  private static func neighbours(_ tree: NetworkTree, _ topology: Topology) -> [Name: [(link: Int, site: Name)]] {
    var result: [Name: [(link: Int, site: Name)]] = [:]
    for link in tree.links where topology.substrate.links.indices.contains(link) {
      let ends = topology.substrate.links[link].ends
      result[ends.first, default: []].append((link, ends.second))
      result[ends.second, default: []].append((link, ends.first))
    }
    return result
  }

  /// One walk from each site with hosts: O(sites × links of the tree).
  private static func hops(_ tree: NetworkTree, _ topology: Topology) -> [Name: [Name: Hop]] {
    let neighbours = neighbours(tree, topology)
    var result: [Name: [Name: Hop]] = [:]
    for (home, hosts) in Dictionary(grouping: tree.hosts, by: { topology.host($0)?.site }) {
      guard let home else { continue }
      for host in hosts { result[home, default: [:]][host] = .host(host) }
      var open = [home]
      var seen: Set<Name> = [home]
      while let site = open.popLast() {
        for (link, far) in neighbours[site] ?? [] where seen.insert(far).inserted {
          for host in hosts { result[far, default: [:]][host] = .link(link) }
          open.append(far)
        }
      }
    }
    return result
  }

  private static func forwardLinks(_ tree: NetworkTree, from start: Name?, _ topology: Topology) -> Set<Int> {
    guard let start else { return [] }
    let neighbours = neighbours(tree, topology)
    var result: Set<Int> = []
    var open = [start]
    var seen: Set<Int> = []
    while let site = open.popLast() {
      for (link, far) in neighbours[site] ?? [] where seen.insert(link).inserted {
        if topology.substrate.links[link].ends.first == site { result.insert(link) }
        open.append(far)
      }
    }
    return result
  }
}
