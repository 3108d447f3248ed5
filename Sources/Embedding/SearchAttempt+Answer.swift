import Infrastructure
import Quantities

/// From positions back to names.
extension SearchAttempt {
  func embedding(_ state: SearchState, _ splits: [Int: SplitRoute]) throws(Refusal) -> Embedding {
    let substrate = problem.view.substrate
    var crossing: [Int: Int] = [:]
    var trees: [Name: NetworkTree] = [:]
    trees.reserveCapacity(problem.nets.count)
    for (number, network) in problem.request.networks.enumerated() {
      let units = problem.nets[number].members
      let hosts = Set(units.map { state.hostOf[$0] })
      var tree = NetworkTree(hosts: hosts.map { substrate.hosts[$0].name }.sorted(), sites: [], links: [])
      if hosts.count > 1 {
        let paths = splits[number]?.paths ?? []
        let arcs = paths.isEmpty ? state.routes[number].arcs : paths.flatMap(\.arcs)
        tree.paths = paths.map { path in
          SplitPath(
            links: path.arcs.map { $0 / 2 }, rate: Bitrate(bitsPerSecond: UInt64(path.forward)),
            reverseRate: Bitrate(bitsPerSecond: UInt64(path.backward)))
        }
        let sites = Set(hosts.map(problem.graph.site) + arcs.flatMap(problem.graph.ends))
        if network.needsVLAN(over: substrate.core) { for site in sites { crossing[site, default: 0] += 1 } }
        tree.sites = sites.map { substrate.sites[$0].name }.sorted()
        tree.links = Set(arcs.map { $0 / 2 }).sorted()
      }
      trees[network.name] = tree
    }
    for (site, count) in crossing.sorted(by: { $0.key < $1.key }) {
      let free = problem.view.free(.vlans(site: site))
      if UInt64(count) > free { throw Refusal.vlansShort(problem, site, needed: UInt64(count), free: free) }
    }
    let placement = problem.request.nodes.indices.map {
      (problem.request.nodes[$0].name, substrate.hosts[state.hostOf[problem.unitOf[$0]]].name)
    }
    return Embedding(placement: Dictionary(placement, uniquingKeysWith: { a, _ in a }), trees: trees)
  }
}
