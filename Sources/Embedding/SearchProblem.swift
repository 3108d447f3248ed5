import Infrastructure
import Quantities

/// A request with names replaced by positions, so that the search walks arrays only.
///
/// Nodes that must share a host are one *unit*: it is placed as a whole.
struct SearchProblem {
  struct Unit {
    var nodes: [Int]
    var cpu: UInt64 = 0
    var memory: UInt64 = 0
    var storage: UInt64 = 0
    var slots: UInt64 = 0
    /// Networks with a member in it and one outside, ascending.
    var networks: [Int] = []
    /// Where it must go; nil is anywhere.
    var host: Int?
    var site: Int?
    var location: String?
    var isExclusive = false
    /// It is where an earlier embedding put it.
    var isKept = false
    /// Rules that it is under.
    var rules: [Int] = []
    /// Rate in bit/s, out and in together, that must leave its host whatever host that is.
    var leaving = 0
  }

  /// Units of which no two may share a host or site, or that must share a site.
  struct Rule {
    var kind: PlacementRule.Kind
    var place: PlacementRule.Place
    var units: Set<Int>
  }

  struct Net {
    /// Units, each once.
    var members: [Int]
    /// Unit of the first endpoint.
    var first: Int
    /// Bit/s away from the first endpoint, and towards it; of a segment both the same.
    var forward, backward: Int
    /// What a link that it crosses costs: Mbit/s, mean of both directions, never nothing.
    var weight: Float
    /// Picoseconds between any two endpoints; nil is any.
    var bound: Int?
    /// Core links of an earlier embedding.
    var kept: [Int] = []
  }

  let view: SubstrateView
  let request: VirtualInfrastructure
  let graph: SubstrateGraph
  private(set) var units: [Unit] = []
  private(set) var unitOf: [Int] = []
  private(set) var nets: [Net] = []
  private(set) var rules: [Rule] = []
  /// Most processor and memory that any host has.
  let largest: (cpu: UInt64, memory: UInt64)

  init(_ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?) throws(Refusal) {
    self.request = request
    self.view = view
    graph = view.graph
    largest = (
      view.substrate.hosts.map(\.cpu.thousandths).max() ?? 1, view.substrate.hosts.map(\.memory.bytes).max() ?? 1
    )
    if let host = view.substrate.hosts.first(where: { view.directory.site($0.site) == nil }) {
      throw .homeless(host, view.substrate)
    }
    let index = Dictionary(request.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    gather(index)
    for node in request.nodes.indices { try add(node, keeping) }
    try separate(index)
    for network in request.networks { nets.append(net(network, index, keeping)) }
    for (number, net) in nets.enumerated() where net.members.count > 1 {
      for unit in net.members { units[unit].networks.append(number) }
    }
    for unit in units.indices { units[unit].leaving = leaving(unit) }
  }

  /// Joins the nodes of rules that keep them on one host.
  private mutating func gather(_ index: [Name: Int]) {
    unitOf = Array(request.nodes.indices)
    func root(_ node: Int) -> Int {
      var node = node
      while unitOf[node] != node { node = unitOf[node] }
      return node
    }
    for rule in request.rules where rule.kind == .together && rule.place == .host {
      let nodes = rule.nodes.compactMap { index[$0] }
      for (a, b) in zip(nodes, nodes.dropFirst()) {
        let (x, y) = (root(a), root(b))
        unitOf[max(x, y)] = min(x, y)
      }
    }
    let roots = request.nodes.indices.map(root)
    var number: [Int: Int] = [:]
    for (node, root) in roots.enumerated() {
      if number[root] == nil {
        number[root] = units.count
        units.append(Unit(nodes: []))
      }
      unitOf[node] = number[root] ?? 0
      units[unitOf[node]].nodes.append(node)
    }
  }

  private mutating func add(_ number: Int, _ keeping: Embedding?) throws(Refusal) {
    let node = request.nodes[number]
    var unit = units[unitOf[number]]
    unit.cpu = saturatingSum(unit.cpu, node.cpu.thousandths)
    unit.memory = saturatingSum(unit.memory, node.memory.bytes)
    unit.storage = saturatingSum(unit.storage, node.storage.bytes)
    unit.slots += 1
    unit.isExclusive = unit.isExclusive || node.isExclusive
    if let name = node.site {
      guard let site = view.directory.site(name) else { throw .unknownSite(name, of: node, view.substrate) }
      guard unit.site ?? site == site else { throw .rulesDisagree(node, request) }
      unit.site = site
    }
    if let name = node.host {
      guard let host = view.directory.host(name) else { throw .unknownHost(name, of: node, view.substrate) }
      guard unit.host ?? host == host else { throw .rulesDisagree(node, request) }
      unit.host = host
    }
    if let location = node.location {
      guard unit.location ?? location == location else { throw .rulesDisagree(node, request) }
      unit.location = location
    }
    if let name = keeping?.placement[node.name] { try keep(node, on: name, &unit) }
    if let host = unit.host, let site = unit.site, graph.site(of: host) != site {
      throw .pinsDisagree(node, host: view.substrate.hosts[host])
    }
    units[unitOf[number]] = unit
  }

  private func keep(_ node: Node, on name: Name, _ unit: inout Unit) throws(Refusal) {
    guard let host = view.directory.host(name) else { throw .keptHostGone(node, host: name) }
    guard unit.host ?? host == host, unit.site ?? graph.site(of: host) == graph.site(of: host) else {
      throw .keptElsewhere(node, host: view.substrate.hosts[host])
    }
    unit.host = host
    unit.isKept = true
  }

  private mutating func separate(_ index: [Name: Int]) throws(Refusal) {
    for rule in request.rules {
      let nodes = rule.nodes.compactMap { index[$0] }
      let members = Set(nodes.map { unitOf[$0] })
      if rule.kind == .together, rule.place == .host { continue }
      if rule.kind == .apart, members.count < nodes.count, let node = nodes.first {
        throw .rulesDisagree(request.nodes[node], request)
      }
      for unit in members { units[unit].rules.append(rules.count) }
      rules.append(Rule(kind: rule.kind, place: rule.place, units: members))
    }
  }

  private func net(_ network: Network, _ index: [Name: Int], _ keeping: Embedding?) -> Net {
    var members: [Int] = []
    var seen: Set<Int> = []
    for endpoint in network.endpoints {
      guard let node = index[endpoint.node], seen.insert(unitOf[node]).inserted else { continue }
      members.append(unitOf[node])
    }
    let forward = Self.rate(network.minimum)
    let backward = network.kind == .wire ? Self.rate(network.reverseMinimum) : forward
    return Net(
      members: members, first: members.first ?? 0, forward: forward, backward: backward,
      weight: max(0.01, Float(forward / 2 + backward / 2) / 1e6),
      bound: network.maximumLatency.map(SubstrateGraph.picoseconds),
      kept: keeping?.trees[network.name]?.links.filter(view.substrate.links.indices.contains) ?? [])
  }

  /// At most 2^47 bit/s, above anything that a file can ask for (100 Tbit/s), so that the sum over the 10,000 networks
  /// that it may have stays within 63 bits beside what a link has free.
  private static func rate(_ bitsPerSecond: UInt64) -> Int { Int(min(bitsPerSecond, 1 << 47)) }

  private func leaving(_ number: Int) -> Int {
    let unit = units[number]
    let apart = unit.rules.filter { rules[$0].kind == .apart }
    guard !apart.isEmpty else { return 0 }
    return unit.networks.reduce(0) { sum, net in
      let leaves = nets[net].members.contains { other in
        other != number && apart.contains { rules[$0].units.contains(other) }
      }
      return leaves ? sum + nets[net].forward + nets[net].backward : sum
    }
  }
}

extension SearchProblem {
  /// Whether the unit may go to the host, however full that is.
  func allows(_ unit: Unit, _ host: Int) -> Bool {
    if let pinned = unit.host, pinned != host { return false }
    if let site = unit.site, graph.site(of: host) != site { return false }
    if let location = unit.location, view.substrate.hosts[host].location != location { return false }
    return true
  }

  /// Whether nobody else's exclusive node forbids it, and it forbids nobody else's node. A unit that is kept
  /// stands there already.
  func tolerates(_ unit: Unit, _ host: Int) -> Bool {
    view.free(.tenancy(host: host)) >= (unit.isExclusive ? Resource.wholeHost : 1)
  }

  /// Hosts where the unit may go, however full they are, ascending.
  func allowed(_ unit: Unit) -> [Int] {
    if let host = unit.host { return allows(unit, host) ? [host] : [] }
    if let site = unit.site { return graph.hosts(at: site).map(Int.init).filter { allows(unit, $0) } }
    return (0..<graph.hosts).filter { allows(unit, $0) }
  }
}
