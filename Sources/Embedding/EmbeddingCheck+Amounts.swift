import Infrastructure
import Quantities

/// What an embedding takes, added up one by one.
extension EmbeddingCheck {
  /// Amounts above zero. Links that nothing joins to the first endpoint count fully in both directions.
  ///
  /// - Parameter request: The infrastructure at some moment of its timeline.
  func amounts(of request: VirtualInfrastructure) -> [Resource: UInt128] {
    var sums: [Resource: UInt128] = [:]
    var exclusive: [Int: Bool] = [:]
    for node in request.nodes {
      guard let host = host(of: node.name) else { continue }
      sums[.cpu(host: host), default: 0] += UInt128(node.cpu.thousandths)
      sums[.memory(host: host), default: 0] += UInt128(node.memory.bytes)
      sums[.storage(host: host), default: 0] += UInt128(node.storage.bytes)
      sums[.slots(host: host), default: 0] += 1
      exclusive[host] = exclusive[host] == true || node.isExclusive
    }
    for (host, isExclusive) in exclusive {
      sums[.tenancy(host: host)] = isExclusive ? UInt128(Resource.wholeHost) : 1
    }
    for network in request.networks {
      guard let tree = embedding.trees[network.name], hosts(of: network).count > 1 else { continue }
      uplinks(of: network, &sums)
      vlans(of: network, tree, &sums)
      links(of: network, tree, &sums)
    }
    return sums.filter { $0.value > 0 }
  }

  /// Promised away from the first endpoint and towards it; a segment is promised the same both ways.
  func rates(of network: Network) -> (forward: UInt128, backward: UInt128) {
    let forward = UInt128(network.rate.minimum?.bitsPerSecond ?? 0)
    guard network.kind == .wire, let reverse = network.reverseRate else { return (forward, forward) }
    return (forward, UInt128(reverse.minimum?.bitsPerSecond ?? 0))
  }

  private func uplinks(of network: Network, _ sums: inout [Resource: UInt128]) {
    let rates = rates(of: network)
    let first = network.endpoints.first.flatMap { host(of: $0.node) }
    for host in hosts(of: network) {
      let isSender = network.kind == .segment || host == first
      sums[.uplink(host: host, .forward), default: 0] += isSender ? rates.forward : rates.backward
      sums[.uplink(host: host, .reverse), default: 0] += isSender ? rates.backward : rates.forward
    }
  }

  /// One at every site that has an endpoint's host or an end of a crossed link.
  private func vlans(of network: Network, _ tree: NetworkTree, _ sums: inout [Resource: UInt128]) {
    let takesNone =
      !ground.substrate.core.carriesVLANs
      || network.kind == .wire && [.encapsulating, .tunnelling].contains(network.type)
    guard !takesNone else { return }
    var crossed = Set(hosts(of: network).map { ground.substrate.hosts[$0].site })
    for link in crossedLinks(of: tree) {
      crossed.insert(ground.substrate.links[link].ends.first)
      crossed.insert(ground.substrate.links[link].ends.second)
    }
    for site in crossed.compactMap({ ground.sites[$0] }) { sums[.vlans(site: site), default: 0] += 1 }
  }

  private func links(of network: Network, _ tree: NetworkTree, _ sums: inout [Resource: UInt128]) {
    guard let start = network.endpoints.first.flatMap({ site(of: $0.node) }) else { return }
    func add(_ links: [Int], _ forward: UInt128, _ backward: UInt128) {
      let away = walk(links, from: start).directions
      for (link, direction) in away {
        sums[.link(link, direction), default: 0] += forward
        sums[.link(link, direction.reversed), default: 0] += backward
      }
      for link in Set(links).subtracting(away.map(\.link)) {
        sums[.link(link, .forward), default: 0] += max(forward, backward)
        sums[.link(link, .reverse), default: 0] += max(forward, backward)
      }
    }
    let there = ground.substrate.links.indices
    guard !tree.paths.isEmpty else {
      let rates = rates(of: network)
      return add(tree.links.filter(there.contains), rates.forward, rates.backward)
    }
    for path in tree.paths {
      add(
        path.links.filter(there.contains), UInt128(path.rate.bitsPerSecond), UInt128(path.reverseRate.bitsPerSecond))
    }
  }

  private func crossedLinks(of tree: NetworkTree) -> Set<Int> {
    Set((tree.links + tree.paths.flatMap(\.links)).filter(ground.substrate.links.indices.contains))
  }
}
