import Embedding
import Infrastructure
import Optimum
import Quantities

/// Tries every placement with every tree of every network; for substrates and requests of a handful of things.
struct Enumeration {
  let request: VirtualInfrastructure
  let view: SubstrateView
  private(set) var best: (cost: Double, embedding: Embedding)?

  init(_ request: VirtualInfrastructure, on view: SubstrateView) {
    self.request = request
    self.view = view
    place([:], request.nodes[...])
  }

  private mutating func place(_ placement: [Name: Name], _ rest: ArraySlice<Node>) {
    guard let node = rest.first else { return connect(placement) }
    for host in view.substrate.hosts {
      var placement = placement
      placement[node.name] = host.name
      place(placement, rest.dropFirst())
    }
  }

  private func isRight(_ placement: [Name: Name], _ trees: [Name: NetworkTree], _ networks: [Network]) -> Bool {
    var part = request
    part.networks = networks
    let embedding = Embedding(placement: placement, trees: trees)
    return EmbeddingCheck.violations(of: embedding, for: part, on: view).isEmpty
  }

  private mutating func connect(_ placement: [Name: Name]) {
    guard isRight(placement, [:], []) else { return }
    var options: [[NetworkTree]] = []
    for network in request.networks {
      let fitting = trees(of: network, placement).filter { isRight(placement, [network.name: $0], [network]) }
      if fitting.isEmpty { return }
      options.append(fitting)
    }
    combine(placement, [:], options[...])
  }

  private mutating func combine(
    _ placement: [Name: Name], _ trees: [Name: NetworkTree], _ rest: ArraySlice<[NetworkTree]>
  ) {
    guard let options = rest.first else {
      let embedding = Embedding(placement: placement, trees: trees)
      let cost = ExactSolution.cost(of: embedding, for: request)
      guard cost < best?.cost ?? .infinity, isRight(placement, trees, request.networks) else { return }
      best = (cost, embedding)
      return
    }
    for tree in options {
      var trees = trees
      trees[request.networks[trees.count].name] = tree
      combine(placement, trees, rest.dropFirst())
    }
  }

  /// All sets of links with one fewer than the sites that they and the endpoints touch.
  private func trees(of network: Network, _ placement: [Name: Name]) -> [NetworkTree] {
    let hosts = Set(network.endpoints.compactMap { placement[$0.node] }).sorted()
    if hosts.count < 2 { return [NetworkTree(hosts: hosts, sites: [], links: [])] }
    let substrate = view.substrate
    let ends = Set(substrate.hosts.filter { hosts.contains($0.name) }.map(\.site))
    return (0..<(1 << substrate.links.count)).compactMap { subset in
      let links = substrate.links.indices.filter { subset >> $0 & 1 == 1 }
      let sites = ends.union(links.flatMap { [substrate.links[$0].ends.first, substrate.links[$0].ends.second] })
      guard links.count == sites.count - 1 else { return nil }
      return NetworkTree(hosts: hosts, sites: sites.sorted(), links: links)
    }
  }
}
