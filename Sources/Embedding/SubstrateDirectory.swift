import Infrastructure
import Quantities

/// Where the names of a substrate stand: made once for a substrate, O(hosts + links).
public struct SubstrateDirectory: Hashable, Sendable {
  public let numbers: ResourceNumbers
  /// How the sites are joined.
  public let core: CoreKind
  /// Position of each host's site; -1 where the substrate lacks it.
  public let siteOfHost: [Int]
  /// Positions of each core link's sites; -1 where the substrate lacks one.
  public let ends: [Pair<Int>]
  private let hosts: [Name: Int]
  private let sites: [Name: Int]

  public init(_ substrate: Substrate) {
    numbers = ResourceNumbers(substrate)
    core = substrate.core
    let sites = Dictionary(
      substrate.sites.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.sites = sites
    hosts = Dictionary(substrate.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    siteOfHost = substrate.hosts.map { sites[$0.site] ?? -1 }
    ends = substrate.links.map { Pair(sites[$0.ends.first] ?? -1, sites[$0.ends.second] ?? -1) }
  }

  /// Position of the host in `Substrate.hosts`; nil where there is no such host.
  public func host(_ name: Name) -> Int? { hosts[name] }

  /// Position of the site in `Substrate.sites`; nil where there is no such site.
  public func site(_ name: Name) -> Int? { sites[name] }

  /// The links of a tree or path, each with its direction away from site `start`; those that are not joined to
  /// it, or are not there, are left out.
  public func directions(of links: [Int], from start: Int?) -> [(link: Int, direction: Resource.Direction)] {
    guard let start, !links.isEmpty else { return [] }
    var at: [Int: [Int]] = [:]
    for link in links where ends.indices.contains(link) {
      at[ends[link].first, default: []].append(link)
      at[ends[link].second, default: []].append(link)
    }
    var result: [(link: Int, direction: Resource.Direction)] = []
    var seen: Set<Int> = []
    var open = [start]
    while let site = open.popLast() {
      for link in at[site] ?? [] where seen.insert(link).inserted {
        let isForward = ends[link].first == site
        result.append((link, isForward ? .forward : .reverse))
        open.append(isForward ? ends[link].second : ends[link].first)
      }
    }
    return result
  }
}
