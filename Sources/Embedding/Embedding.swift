import Infrastructure
import Quantities

/// Who goes where: every node on a host, every network on a tree of sites.
public struct Embedding: Hashable, Codable, Sendable {
  /// Host of each node.
  public var placement: [Name: Name]
  /// Of each network, by name.
  public var trees: [Name: NetworkTree]

  public init(placement: [Name: Name], trees: [Name: NetworkTree]) {
    self.placement = placement
    self.trees = trees
  }
}

/// The part of the substrate that one network occupies.
public struct NetworkTree: Hashable, Codable, Sendable {
  /// Hosts that carry at least one endpoint, sorted.
  public var hosts: [Name]
  /// Sites whose switch the network crosses, sorted; empty where all endpoints share one host.
  public var sites: [Name]
  /// Core links that it crosses, as indices into `Substrate.links`, ascending; always a tree over `sites`,
  /// except where `paths` splits a wire.
  public var links: [Int]
  /// A wire that is split over several paths, from its first endpoint's site to its second's; empty where it
  /// is not split. The shares of a direction sum to the wire's minimum.
  public var paths: [SplitPath]

  public init(hosts: [Name], sites: [Name], links: [Int], paths: [SplitPath] = []) {
    self.hosts = hosts
    self.sites = sites
    self.links = links
    self.paths = paths
  }
}

/// One of several paths of a split wire (Yu, Yi, Rexford and Chiang, *Rethinking Virtual Network Embedding*,
/// CCR 2008).
public struct SplitPath: Hashable, Codable, Sendable {
  /// In order from the first endpoint's site.
  public var links: [Int]
  /// Kept in the direction of the path, and against it.
  public var rate, reverseRate: Bitrate

  public init(links: [Int], rate: Bitrate, reverseRate: Bitrate) {
    self.links = links
    self.rate = rate
    self.reverseRate = reverseRate
  }
}
