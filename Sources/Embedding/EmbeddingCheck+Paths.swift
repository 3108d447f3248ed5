import Infrastructure
import Quantities

/// Every split wire on simple paths that together keep what it is promised.
extension EmbeddingCheck {
  mutating func paths(of tree: NetworkTree, _ network: Network) {
    guard network.kind == .wire, network.endpoints.count == 2,
      let start = site(of: network.endpoints[0].node), let end = site(of: network.endpoints[1].node)
    else {
      found.append("network \(network.name) is split and is no wire between two placed nodes")
      return
    }
    expect(start != end, "wire \(network.name) is split though both of its ends are at site \(start)")
    for (number, path) in tree.paths.enumerated() {
      self.path(path, number + 1, from: start, to: end, network)
    }
    expect(
      Set(tree.paths.flatMap(\.links)) == Set(tree.links), "wire \(network.name) lists other links than its paths'")
    let most = most(of: network)
    shares(tree.paths.map(\.rate), most.forward, "\(network.name), sending")
    shares(tree.paths.map(\.reverseRate), most.backward, "\(network.name), receiving")
  }

  private mutating func path(_ path: SplitPath, _ number: Int, from start: Name, to end: Name, _ network: Network) {
    var visited = [start]
    var latency = Duration.zero
    for index in path.links {
      let link = ground.substrate.links[index]
      guard let present = visited.last, [link.ends.first, link.ends.second].contains(present) else {
        found.append("path \(number) of wire \(network.name) is torn")
        return
      }
      visited.append(link.ends.first == present ? link.ends.second : link.ends.first)
      latency += link.latency
    }
    expect(visited.last == end, "path \(number) of wire \(network.name) does not end at site \(end)")
    expect(Set(visited).count == visited.count, "path \(number) of wire \(network.name) crosses a site twice")
    if let most = network.maximumLatency {
      expect(
        latency <= most, "path \(number) of wire \(network.name) is too slow: \(latency.text), above \(most.text)")
    }
  }

  private mutating func shares(_ rates: [Bitrate], _ minimum: UInt128, _ what: String) {
    let sum = rates.reduce(UInt128(0)) { $0 + UInt128($1.bitsPerSecond) }
    expect(sum == minimum, "the paths of wire \(what), sum to \(sum) bit/s where \(minimum) bit/s are promised")
  }

  /// The most that the network is ever promised in each direction: paths keep their shares for the whole lease.
  private func most(of network: Network) -> (forward: UInt128, backward: UInt128) {
    var most = (forward: UInt128(0), backward: UInt128(0))
    for change in changes(until: duration) {
      guard let network = change.request.networks.first(where: { $0.name == network.name }) else { continue }
      let rates = rates(of: network)
      most = (max(most.forward, rates.forward), max(most.backward, rates.backward))
    }
    return most
  }
}
