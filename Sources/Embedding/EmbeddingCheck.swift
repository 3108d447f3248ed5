import Infrastructure
import Quantities

/// Adds an embedding up again, from nothing but the model, and lists what it breaks.
///
/// Written apart from every embedder, plainly and slowly, so that both can hardly be wrong alike.
public struct EmbeddingCheck: Sendable {
  private let embedding: Embedding
  private let request: VirtualInfrastructure
  private let view: SubstrateView
  private var found: [String] = []

  /// One sentence for each violation; empty where the embedding is right.
  ///
  /// - Parameter view: What others have reserved; `embedding` itself must not be in it.
  public static func violations(
    of embedding: Embedding, for request: VirtualInfrastructure, on view: SubstrateView
  ) -> [String] {
    var check = EmbeddingCheck(embedding: embedding, request: request, view: view)
    check.placements()
    check.hosts()
    for network in request.networks { check.tree(of: network) }
    check.uplinks()
    check.coreLinks()
    return check.found
  }

  private init(embedding: Embedding, request: VirtualInfrastructure, view: SubstrateView) {
    self.embedding = embedding
    self.request = request
    self.view = view
  }

  private func host(_ name: Name?) -> Host? { view.substrate.hosts.first { $0.name == name } }

  private mutating func expect(_ holds: Bool, _ violation: @autoclosure () -> String) {
    if !holds { found.append(violation()) }
  }

  private mutating func placements() {
    expect(
      Set(embedding.placement.keys) == Set(request.nodes.map(\.name)),
      "the placement is not of exactly the nodes asked")
    expect(
      Set(embedding.trees.keys) == Set(request.networks.map(\.name)),
      "the trees are not of exactly the networks asked")
    for node in request.nodes {
      guard let host = host(embedding.placement[node.name]) else {
        found.append("node \(node.name) is on no host of the substrate")
        continue
      }
      expect(node.site == nil || node.site == host.site, "node \(node.name) is not at its site")
      expect(node.host == nil || node.host == host.name, "node \(node.name) is not on its host")
    }
  }

  private mutating func hosts() {
    for (index, host) in view.substrate.hosts.enumerated() {
      var cpu = view.used[view.directory.numbers[.cpu(host: index)]]
      var memory = view.used[view.directory.numbers[.memory(host: index)]]
      let nodes = request.nodes.filter { embedding.placement[$0.name] == host.name }
      guard !nodes.isEmpty else { continue }
      for node in nodes {
        cpu = saturatingSum(cpu, node.cpu.thousandths)
        memory = saturatingSum(memory, node.memory.bytes)
      }
      expect(cpu <= host.cpu.thousandths, "host \(host.name) has too many cores taken")
      expect(memory <= host.memory.bytes, "host \(host.name) has too much memory taken")
    }
  }

  private mutating func tree(of network: Network) {
    guard let tree = embedding.trees[network.name] else { return }
    let hosts = Set(network.endpoints.compactMap { embedding.placement[$0.node] })
    expect(tree.hosts == hosts.sorted(), "network \(network.name) lists other hosts than its endpoints'")
    guard hosts.count > 1 else {
      expect(tree.sites.isEmpty && tree.links.isEmpty, "network \(network.name) leaves its only host")
      return
    }
    let ends = Set(hosts.compactMap { host($0)?.site })
    expect(tree.sites == Set(tree.sites).sorted(), "network \(network.name) has unsorted sites")
    expect(tree.links == Set(tree.links).sorted(), "network \(network.name) has unsorted links")
    expect(ends.isSubset(of: tree.sites), "network \(network.name) misses a site of its endpoints")
    guard tree.links.allSatisfy(view.substrate.links.indices.contains) else {
      found.append("network \(network.name) crosses a link that is not there")
      return
    }
    shape(of: tree, network)
    distances(in: tree, network, ends)
  }

  private mutating func shape(of tree: NetworkTree, _ network: Network) {
    expect(tree.links.count == tree.sites.count - 1, "network \(network.name) is not on a tree")
    let crossed = tree.links.flatMap { [view.substrate.links[$0].ends.first, view.substrate.links[$0].ends.second] }
    expect(Set(crossed).isSubset(of: tree.sites), "network \(network.name) crosses a link outside its sites")
  }

  private mutating func distances(in tree: NetworkTree, _ network: Network, _ ends: Set<Name>) {
    for start in ends {
      let latency = latencies(from: start, in: tree)
      for end in ends {
        guard let distance = latency[end] else {
          found.append("network \(network.name) does not join sites \(start) and \(end)")
          continue
        }
        expect(
          network.maximumLatency.map { distance <= $0 } ?? true,
          "network \(network.name) is too slow, \(start) to \(end)")
      }
    }
  }

  /// Bellman and Ford: as many rounds as links.
  private func latencies(from start: Name, in tree: NetworkTree) -> [Name: Duration] {
    var latency: [Name: Duration] = [start: .zero]
    for _ in tree.links {
      for link in tree.links.map({ view.substrate.links[$0] }) {
        for (from, to) in [(link.ends.first, link.ends.second), (link.ends.second, link.ends.first)] {
          guard let known = latency[from] else { continue }
          latency[to] = min(latency[to] ?? known + link.latency, known + link.latency)
        }
      }
    }
    return latency
  }

  private mutating func uplinks() {
    for (index, host) in view.substrate.hosts.enumerated() {
      guard let uplink = host.uplink else { continue }
      let crossing = request.networks.filter { network in
        let hosts = Set(network.endpoints.compactMap { embedding.placement[$0.node] })
        return hosts.count > 1 && hosts.contains(host.name)
      }
      let asked = crossing.compactMap(\.rate.minimum?.bitsPerSecond)
      guard !asked.allSatisfy({ $0 == 0 }) else { continue }
      let sum = asked.reduce(view.used[view.directory.numbers[.uplink(host: index, .forward)]], saturatingSum)
      expect(sum <= uplink.bitsPerSecond, "the uplink of host \(host.name) is promised too often")
    }
  }

  private mutating func coreLinks() {
    for (index, link) in view.substrate.links.enumerated() {
      guard let rate = link.rate else { continue }
      let asked = request.networks.filter { embedding.trees[$0.name]?.links.contains(index) ?? false }
        .compactMap(\.rate.minimum?.bitsPerSecond)
      guard !asked.allSatisfy({ $0 == 0 }) else { continue }
      let sum = asked.reduce(view.used[view.directory.numbers[.link(index, .forward)]], saturatingSum)
      expect(sum <= rate.bitsPerSecond, "core link \(link.ends.first) - \(link.ends.second) is promised too often")
    }
  }
}
