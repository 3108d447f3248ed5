import Embedding
import Infrastructure
import Quantities

/// A request on a view of a substrate by positions, and where each part may go at all.
struct ExactProblem {
  /// Nodes that share a host.
  struct Unit {
    var nodes: [Int]
    var cpu: UInt64 = 0
    var memory: UInt64 = 0
    var storage: UInt64 = 0
    var slots: UInt64 = 0
    var isExclusive = false
    /// It is bound to one host by name.
    var isPinned = false
    /// Hosts where it may go, ascending.
    var hosts: [Int] = []
  }

  struct Net {
    /// Position in the request.
    var number: Int
    /// Units with an endpoint, each once, that of the first endpoint first; two or more.
    var members: [Int]
    /// Bit/s away from the first endpoint, and towards it.
    var forward, backward: UInt64
    /// Most latency between any two endpoints.
    var bound: Duration?
  }

  /// Units of which no two may share a place, or that must share a site.
  struct Rule {
    var kind: PlacementRule.Kind
    var place: PlacementRule.Place
    var units: [Int]
  }

  let request: VirtualInfrastructure
  let view: SubstrateView
  private(set) var units: [Unit] = []
  private(set) var unitOf: [Int] = []
  private(set) var nets: [Net] = []
  private(set) var rules: [Rule] = []

  var directory: SubstrateDirectory { view.directory }
  var sites: Int { view.substrate.sites.count }

  init(_ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?) {
    self.request = request
    self.view = view
    let index = Dictionary(request.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    gather(index)
    for (number, node) in request.nodes.enumerated() { count(node, in: unitOf[number]) }
    for unit in units.indices { units[unit].hosts = hosts(for: units[unit], keeping) }
    for rule in request.rules where rule.kind == .apart || rule.place == .site {
      let members = rule.nodes.compactMap { index[$0] }.map { unitOf[$0] }
      // Two nodes of one unit cannot be apart: the unit has no place.
      if rule.kind == .apart, Set(members).count < members.count { units[members[0]].hosts = [] }
      rules.append(Rule(kind: rule.kind, place: rule.place, units: Set(members).sorted()))
    }
    for (number, network) in request.networks.enumerated() { add(network, number, index) }
    dropDominatedHosts()
    breakSymmetry()
  }

  /// Bit/s from the first endpoint on and towards it; of a segment both the same.
  static func rates(of network: Network) -> (forward: UInt64, backward: UInt64) {
    (network.minimum, network.kind == .wire ? network.reverseMinimum : network.minimum)
  }

  /// Joins the nodes that rules keep on one host: every rule gives all its nodes the lowest label among them,
  /// until nothing changes.
  private mutating func gather(_ index: [Name: Int]) {
    var label = Array(request.nodes.indices)
    let rules = request.rules.filter { $0.kind == .together && $0.place == .host }
      .map { $0.nodes.compactMap { index[$0] } }
    var isChanged = true
    while isChanged {
      isChanged = false
      for nodes in rules {
        guard let lowest = nodes.map({ label[$0] }).min() else { continue }
        for node in nodes where label[node] != lowest {
          label[node] = lowest
          isChanged = true
        }
      }
    }
    let labels = Set(label).sorted()
    units = labels.map { name in Unit(nodes: label.indices.filter { label[$0] == name }) }
    let number = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    unitOf = label.map { number[$0] ?? 0 }
  }

  private mutating func count(_ node: Node, in unit: Int) {
    units[unit].cpu = Self.sum(units[unit].cpu, node.cpu.thousandths)
    units[unit].memory = Self.sum(units[unit].memory, node.memory.bytes)
    units[unit].storage = Self.sum(units[unit].storage, node.storage.bytes)
    units[unit].slots += 1
    units[unit].isExclusive = units[unit].isExclusive || node.isExclusive
    units[unit].isPinned = units[unit].isPinned || node.host != nil
  }

  static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  private func hosts(for unit: Unit, _ keeping: Embedding?) -> [Int] {
    view.substrate.hosts.indices.filter { host in
      directory.siteOfHost[host] >= 0 && fits(unit, host)
        && unit.nodes.allSatisfy { allows(request.nodes[$0], view.substrate.hosts[host], keeping) }
    }
  }

  private func allows(_ node: Node, _ host: Host, _ keeping: Embedding?) -> Bool {
    let kept = keeping?.placement[node.name]
    return (node.site ?? host.site) == host.site && (node.host ?? host.name) == host.name
      && (node.location == nil || node.location == host.location) && (kept ?? host.name) == host.name
  }

  /// Whether the host has room for the unit alone.
  private func fits(_ unit: Unit, _ host: Int) -> Bool {
    unit.cpu <= view.free(.cpu(host: host)) && unit.memory <= view.free(.memory(host: host))
      && unit.storage <= view.free(.storage(host: host)) && unit.slots <= view.free(.slots(host: host))
      && (unit.isExclusive ? Resource.wholeHost : 1) <= view.free(.tenancy(host: host))
  }

  private mutating func add(_ network: Network, _ number: Int, _ index: [Name: Int]) {
    var members: [Int] = []
    for endpoint in network.endpoints {
      guard let unit = index[endpoint.node].map({ unitOf[$0] }), !members.contains(unit) else { continue }
      members.append(unit)
    }
    guard members.count > 1 else { return }
    let rates = Self.rates(of: network)
    nets.append(
      Net(
        number: number, members: members, forward: rates.forward, backward: rates.backward,
        bound: network.maximumLatency))
  }
}

extension ExactProblem {
  /// What decides how good a host is.
  private func amounts(_ host: Int) -> [UInt64] {
    [
      .cpu(host: host), .memory(host: host), .storage(host: host), .slots(host: host), .tenancy(host: host),
      .uplink(host: host, .forward), .uplink(host: host, .reverse),
    ].map { view.free($0) }
  }

  /// Hosts that any unit may take and that none is bound to, by site and location.
  private func groups() -> [[Int]] {
    let bound = Set(units.filter { $0.isPinned || $0.hosts.count == 1 }.flatMap(\.hosts))
    let open = Set(units.flatMap(\.hosts)).subtracting(bound).sorted()
    let keys = Dictionary(grouping: open) { host in
      "\(directory.siteOfHost[host]) \(view.substrate.hosts[host].location ?? "")"
    }
    return keys.values.sorted { $0[0] < $1[0] }
  }

  /// Leaves out a host where as many others at its site are at least as good as there are units: one of those is
  /// free in every answer, and takes all that the host would.
  private mutating func dropDominatedHosts() {
    var dropped: Set<Int> = []
    for group in groups() where group.count > units.count {
      let amounts = Dictionary(uniqueKeysWithValues: group.map { ($0, self.amounts($0)) })
      for host in group {
        let better = group.count { other in
          guard other != host, let mine = amounts[host], let its = amounts[other] else { return false }
          return zip(its, mine).allSatisfy { $0 >= $1 } && (its != mine || other < host)
        }
        if better >= units.count { dropped.insert(host) }
      }
    }
    for unit in units.indices { units[unit].hosts.removeAll(where: dropped.contains) }
  }

  /// Of hosts that are alike the first unit takes only the first, the second one of the first two, and so on:
  /// any other answer is one of these with hosts renamed.
  private mutating func breakSymmetry() {
    for group in groups() {
      for alike in Dictionary(grouping: group, by: amounts).values where alike.count > 1 {
        var rank = 0
        for unit in units.indices where !Set(units[unit].hosts).isDisjoint(with: alike) {
          let beyond = Set(alike.sorted().dropFirst(rank + 1))
          units[unit].hosts.removeAll(where: beyond.contains)
          rank += 1
        }
      }
    }
  }
}

extension ExactProblem {
  /// About how many columns the program has.
  var columns: Int {
    let links = view.substrate.links.count
    let sites = units.map { unit in Set(unit.hosts.map { directory.siteOfHost[$0] }).count }
    let hosts = units.reduce(0) { $0 + $1.hosts.count }
    return nets.reduce(hosts) { sum, net in
      let flows = net.members.dropFirst().reduce(0) { $0 + sites[net.members[0]] * sites[$1] + 2 * links }
      let pairs = net.bound == nil ? 0 : net.members.count * net.members.count * links
      return sum + flows + 2 * links + pairs
    }
  }
}
