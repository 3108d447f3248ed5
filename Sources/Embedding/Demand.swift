import Infrastructure
import Quantities

/// An amount of one resource that an embedding holds.
public struct Demand: Hashable, Codable, Sendable {
  public var resource: Resource
  /// In the resource's unit; above zero.
  public var amount: UInt64

  public init(_ resource: Resource, _ amount: UInt64) {
    self.resource = resource
    self.amount = amount
  }
}

extension Embedding {
  /// What the embedding of `request` holds, each resource once, by rising number of the resource.
  ///
  /// Parts on hosts, sites or links that the substrate lacks count nowhere.
  public func demands(of request: VirtualInfrastructure, on directory: SubstrateDirectory) -> [Demand] {
    var sums: [Int: UInt64] = [:]
    func add(_ resource: Resource, _ amount: UInt64) {
      guard amount > 0 else { return }
      sums[directory.numbers[resource]] = saturatingSum(sums[directory.numbers[resource]] ?? 0, amount)
    }
    var tenants: [Int: Bool] = [:]
    for node in request.nodes {
      guard let host = placement[node.name].flatMap(directory.host) else { continue }
      add(.cpu(host: host), node.cpu.thousandths)
      add(.memory(host: host), node.memory.bytes)
      add(.storage(host: host), node.storage.bytes)
      add(.slots(host: host), 1)
      tenants[host] = (tenants[host] ?? false) || node.isExclusive
    }
    for (host, isExclusive) in tenants { add(.tenancy(host: host), isExclusive ? Resource.wholeHost : 1) }
    for network in request.networks { count(network, directory, add) }
    return sums.sorted { $0.key < $1.key }.map { Demand(directory.numbers.resource($0.key), $0.value) }
  }

  private func count(_ network: Network, _ directory: SubstrateDirectory, _ add: (Resource, UInt64) -> Void) {
    guard let tree = trees[network.name], tree.hosts.count > 1 else { return }
    let back = network.kind == .wire ? network.reverseMinimum : network.minimum
    if network.needsVLAN(over: directory.core) {
      for site in tree.sites.compactMap(directory.site) { add(.vlans(site: site), 1) }
    }
    let first = network.endpoints.first.flatMap { placement[$0.node] }
    for name in tree.hosts {
      guard let host = directory.host(name) else { continue }
      let isFirst = network.kind == .segment || name == first
      add(.uplink(host: host, isFirst ? .forward : .reverse), network.minimum)
      add(.uplink(host: host, isFirst ? .reverse : .forward), back)
    }
    let start = first.flatMap(directory.host).map { directory.siteOfHost[$0] }
    for path in tree.paths {
      for (link, direction) in directory.directions(of: path.links, from: start) {
        add(.link(link, direction), path.rate.bitsPerSecond)
        add(.link(link, direction.reversed), path.reverseRate.bitsPerSecond)
      }
    }
    guard tree.paths.isEmpty else { return }
    for (link, direction) in directory.directions(of: tree.links, from: start) {
      add(.link(link, direction), network.minimum)
      add(.link(link, direction.reversed), back)
    }
  }
}
