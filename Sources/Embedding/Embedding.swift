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
  /// Core links that it crosses, as indices into `Substrate.links`, ascending; always a tree over `sites`.
  public var links: [Int]

  public init(hosts: [Name], sites: [Name], links: [Int]) {
    self.hosts = hosts
    self.sites = sites
    self.links = links
  }
}
