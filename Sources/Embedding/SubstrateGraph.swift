import Infrastructure
import Quantities

/// A substrate as arrays for searches: sites are vertices, core links are pairs of arcs, hosts hang at sites.
///
/// Arc `2 * link` leads from the link's first end to its second, arc `2 * link + 1` back, so that an arc's
/// opposite differs in the lowest bit. Uplinks follow the core links: those of host h are the arcs
/// `2 * (links + h)`, towards the switch, and the one after it.
struct SubstrateGraph: Hashable, Sendable {
  let sites, links, hosts: Int
  /// Arcs that leave site s: positions `firstArc[s] ..< firstArc[s + 1]` of `arcs` and `heads`.
  let firstArc: [Int32]
  let arcs: [Int32]
  /// Site at the head of each of them.
  let heads: [Int32]
  /// Hosts at site s: positions `firstHost[s] ..< firstHost[s + 1]` of `hostsAt`.
  let firstHost: [Int32]
  let hostsAt: [Int32]
  let siteOfHost: [Int32]
  /// Sites at the tail and the head of each core arc.
  let tail, head: [Int32]
  /// Picoseconds of each core link.
  let latency: [Int]

  init(_ substrate: Substrate, _ directory: SubstrateDirectory) {
    let sites = substrate.sites.count
    self.sites = sites
    links = substrate.links.count
    hosts = substrate.hosts.count
    latency = substrate.links.map { Self.picoseconds($0.latency) }
    var tails: [Int32] = []
    var heads: [Int32] = []
    for ends in directory.ends {
      // A link with an end that is no site keeps its numbers and joins nothing.
      let isWhole = ends.first >= 0 && ends.second >= 0 && ends.first != ends.second
      tails += isWhole ? [Int32(ends.first), Int32(ends.second)] : [-1, -1]
      heads += isWhole ? [Int32(ends.second), Int32(ends.first)] : [-1, -1]
    }
    tail = tails
    head = heads
    (firstArc, arcs) = Self.grouped(tails, groups: sites)
    self.heads = arcs.map { heads[Int($0)] }
    siteOfHost = directory.siteOfHost.map(Int32.init)
    (firstHost, hostsAt) = Self.grouped(siteOfHost, groups: sites)
  }

  /// Counting sort: which indices belong to each group.
  private static func grouped(_ groupOf: [Int32], groups: Int) -> (first: [Int32], members: [Int32]) {
    var first = [Int32](repeating: 0, count: groups + 1)
    for group in groupOf where group >= 0 { first[Int(group) + 1] += 1 }
    for group in 0..<groups { first[group + 1] += first[group] }
    var next = first
    var members = [Int32](repeating: 0, count: Int(first[groups]))
    for (index, group) in groupOf.enumerated() where group >= 0 {
      members[Int(next[Int(group)])] = Int32(index)
      next[Int(group)] += 1
    }
    return (first, members)
  }

  /// At most 2^10 s, so that sums stay far from overflow.
  static func picoseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(max(0, min(seconds, 1 << 10))) * 1_000_000_000_000 + Int(max(0, attoseconds) / 1_000_000)
  }

  func site(of host: Int) -> Int { Int(siteOfHost[host]) }
  /// What an arc is of the substrate.
  func resource(_ arc: Int) -> Resource {
    let direction: Resource.Direction = arc % 2 == 0 ? .forward : .reverse
    return arc / 2 < links ? .link(arc / 2, direction) : .uplink(host: arc / 2 - links, direction)
  }

  func ends(of arc: Int) -> [Int] { [Int(tail[arc]), Int(head[arc])] }
  func uplink(_ host: Int) -> Int { 2 * (links + host) }
  func hosts(at site: Int) -> ArraySlice<Int32> { hostsAt[Int(firstHost[site])..<Int(firstHost[site + 1])] }
}
