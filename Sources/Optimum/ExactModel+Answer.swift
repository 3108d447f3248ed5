import Embedding
import Infrastructure
import Quantities

/// From a solution of the program back to an embedding.
extension ExactModel {
  func embedding(_ solution: LinearSolution) -> Embedding? {
    let hosts = choices.map { columns in columns.first { solution[$0.value] > 0.5 }?.key ?? -1 }
    guard !hosts.contains(-1) else { return nil }
    let substrate = problem.view.substrate
    var placement: [Name: Name] = [:]
    for (node, unit) in zip(problem.request.nodes, problem.unitOf) {
      placement[node.name] = substrate.hosts[hosts[unit]].name
    }
    var trees: [Name: NetworkTree] = [:]
    for network in problem.request.networks {
      let names = Set(network.endpoints.compactMap { placement[$0.node] }).sorted()
      trees[network.name] = NetworkTree(hosts: names, sites: [], links: [])
    }
    for (number, net) in problem.nets.enumerated() where Set(net.members.map { hosts[$0] }).count > 1 {
      let sites = net.members.map { problem.directory.siteOfHost[hosts[$0]] }
      guard let (links, paths) = way(number, sites, solution) else { return nil }
      let name = problem.request.networks[net.number].name
      let ends = links.map { problem.directory.ends[$0] }
      trees[name]?.sites = Set(sites + ends.flatMap { [$0.first, $0.second] }).map { substrate.sites[$0].name }.sorted()
      trees[name]?.links = links
      trees[name]?.paths = paths
    }
    return Embedding(placement: placement, trees: trees)
  }

  /// Links, ascending, and the paths of a split wire.
  private func way(_ number: Int, _ sites: [Int], _ solution: LinearSolution) -> (links: [Int], paths: [SplitPath])? {
    let net = problem.nets[number]
    if isSplitting, net.members.count == 2, net.bound == nil, net.weight > 0 {
      return split(number, from: sites[0], to: sites[1], solution)
    }
    let chosen = routes[number].arcs.filter { solution[$0.column] > 0.5 }.map(\.arc)
    let arcs = routes[number].arcs.isEmpty ? ExactWays(net, problem, isSplit: false).arcs : chosen
    let tree = ExactWays.tree(from: sites[0], over: arcs, problem.view.substrate, isByLatency: net.bound != nil)
    var links: Set<Int> = []
    for site in sites {
      guard let path = ExactWays.path(to: site, from: sites[0], in: tree) else { return nil }
      links.formUnion(path.map { $0.number / 2 })
    }
    return (links.sorted(), [])
  }

  /// Takes paths out of the flow one after another, the fewest arcs first (L. R. Ford and D. R. Fulkerson, *Flows in
  /// Networks*, 1962, chapter I.2); whole bit/s go to each, and what is left over to the widest.
  private func split(
    _ number: Int, from start: Int, to end: Int, _ solution: LinearSolution
  ) -> (links: [Int], paths: [SplitPath])? {
    guard start != end else { return ([], []) }
    let net = problem.nets[number]
    var left = routes[number].arcs.map { (arc: $0.arc, flow: solution[$0.column]) }
    var found: [(links: [Int], share: Double)] = []
    while found.count < left.count {
      let open = left.filter { $0.flow > 1e-7 }.map(\.arc)
      let tree = ExactWays.tree(from: start, over: open, problem.view.substrate, isByLatency: false)
      guard let path = ExactWays.path(to: end, from: start, in: tree) else { break }
      let numbers = Set(path.map(\.number))
      let share = left.filter { numbers.contains($0.arc.number) }.map(\.flow).min() ?? 0
      for index in left.indices where numbers.contains(left[index].arc.number) { left[index].flow -= share }
      found.append((path.map { $0.number / 2 }, share))
    }
    guard let widest = found.indices.max(by: { found[$0].share < found[$1].share }) else { return nil }
    let links = Set(found.flatMap(\.links)).sorted()
    if found.count == 1 { return (links, []) }
    let forward = Self.shares(of: net.forward, found.map(\.share), widest)
    let backward = Self.shares(of: net.backward, found.map(\.share), widest)
    let paths = found.indices.map {
      SplitPath(
        links: found[$0].links, rate: Bitrate(bitsPerSecond: forward[$0]),
        reverseRate: Bitrate(bitsPerSecond: backward[$0]))
    }
    return (links, paths)
  }

  private static func shares(of rate: UInt64, _ shares: [Double], _ widest: Int) -> [UInt64] {
    var rates = shares.map { UInt64((max(0, min(1, $0)) * Double(rate)).rounded()) }
    let others = rates.enumerated().filter { $0.offset != widest }.reduce(UInt64(0)) { $0 + $1.element }
    rates[widest] = rate - min(rate, others)
    return rates
  }
}
