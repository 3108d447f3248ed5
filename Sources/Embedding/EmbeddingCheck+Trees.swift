import Infrastructure
import Quantities

/// Every network on a tree that joins its endpoints, soon enough.
extension EmbeddingCheck {
  mutating func tree(_ tree: NetworkTree, of network: Network) {
    let hosts = hosts(of: network)
    let names = hosts.map { ground.substrate.hosts[$0].name }
    expect(tree.hosts == names.sorted(), "network \(network.name) does not list its endpoints' hosts, sorted")
    guard hosts.count > 1 else {
      expect(
        tree.sites.isEmpty && tree.links.isEmpty && tree.paths.isEmpty, "network \(network.name) leaves its only host")
      return
    }
    let crossed = tree.links + tree.paths.flatMap(\.links)
    guard crossed.allSatisfy(ground.substrate.links.indices.contains) else {
      found.append("network \(network.name) crosses a link that is not there")
      return
    }
    let ends = Set(hosts.map { ground.substrate.hosts[$0].site })
    sites(of: tree, network, ends)
    expect(tree.links == Set(tree.links).sorted(), "network \(network.name) has links twice or not sorted")
    if tree.paths.isEmpty {
      shape(of: tree, network, ends)
      distances(in: tree, network, ends)
    } else {
      paths(of: tree, network)
    }
  }

  /// Hosts that carry an endpoint.
  func hosts(of network: Network) -> Set<Int> { Set(network.endpoints.compactMap { host(of: $0.node) }) }

  /// The sites are those of the endpoints and those at the ends of the links.
  private mutating func sites(of tree: NetworkTree, _ network: Network, _ ends: Set<Name>) {
    let crossed = Set(tree.links.map { ground.substrate.links[$0].ends }.flatMap { [$0.first, $0.second] })
    expect(tree.sites == Set(tree.sites).sorted(), "network \(network.name) has sites twice or not sorted")
    expect(ends.isSubset(of: tree.sites), "network \(network.name) misses a site of its endpoints")
    expect(crossed.isSubset(of: tree.sites), "network \(network.name) crosses a link outside its sites")
    expect(
      Set(tree.sites).isSubset(of: crossed.union(ends)), "network \(network.name) lists a site that it does not cross")
    expect(
      tree.sites.allSatisfy { ground.sites[$0] != nil }, "network \(network.name) crosses a site that is not there")
  }

  /// As many links as sites but one, all joined: a tree; and no branch that ends where nobody is.
  private mutating func shape(of tree: NetworkTree, _ network: Network, _ ends: Set<Name>) {
    expect(tree.links.count == tree.sites.count - 1, "network \(network.name) is not on a tree")
    var degree: [Name: Int] = [:]
    for link in tree.links {
      degree[ground.substrate.links[link].ends.first, default: 0] += 1
      degree[ground.substrate.links[link].ends.second, default: 0] += 1
    }
    for site in tree.sites where degree[site] == 1 && !ends.contains(site) {
      found.append("network \(network.name) has a branch to site \(site), where none of its endpoints is")
    }
  }

  private mutating func distances(in tree: NetworkTree, _ network: Network, _ ends: Set<Name>) {
    for start in ends.sorted() {
      let latency = walk(tree.links, from: start).latency
      for end in ends.sorted() where end != start {
        guard let distance = latency[end] else {
          found.append("network \(network.name) does not join sites \(start) and \(end)")
          continue
        }
        guard let most = network.maximumLatency, distance > most else { continue }
        found.append(
          "network \(network.name) is too slow: \(distance.text) from \(start) to \(end), above \(most.text)")
      }
    }
  }

  /// Every link that can be reached from `start` over `links`, with the direction away from it; and how far the
  /// sites are, which is exact on a tree.
  func walk(
    _ links: [Int], from start: Name
  ) -> (directions: [(link: Int, direction: Resource.Direction)], latency: [Name: Duration]) {
    var at: [Name: [Int]] = [:]
    for link in links {
      let ends = ground.substrate.links[link].ends
      at[ends.first, default: []].append(link)
      if ends.first != ends.second { at[ends.second, default: []].append(link) }
    }
    var latency: [Name: Duration] = [start: .zero]
    var directions: [(link: Int, direction: Resource.Direction)] = []
    var taken: Set<Int> = []
    var open: [(site: Name, distance: Duration)] = [(start, .zero)]
    while let (site, distance) = open.popLast() {
      for number in at[site] ?? [] where taken.insert(number).inserted {
        let link = ground.substrate.links[number]
        let isForward = link.ends.first == site
        let next = isForward ? link.ends.second : link.ends.first
        directions.append((number, isForward ? .forward : .reverse))
        if latency[next] == nil { latency[next] = distance + link.latency }
        open.append((next, distance + link.latency))
      }
    }
    return (directions, latency)
  }
}
