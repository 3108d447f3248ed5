import Infrastructure
import Quantities

/// A request and a substrate with names replaced by positions, so that the search walks arrays only.
struct IndexedRequest {
  struct NodeDemand {
    var cpu: UInt64
    var memory: UInt64
    /// Networks it has an endpoint in, each once, ascending.
    var networks: [Int] = []
    /// Host it must go to or stay at.
    var host: Int?
    /// Site it must go to.
    var site: Int?
    /// It is where an earlier embedding put it.
    var isKept = false
  }

  let view: SubstrateView
  let request: VirtualInfrastructure
  var nodes: [NodeDemand] = []
  /// Nodes of each network, each once.
  var members: [[Int]]
  /// Minimum rate of each network in bit/s; 0 reserves nothing.
  let minimum: [UInt64]
  let siteOfHost: [Int]
  let siteIndex: [Name: Int]

  init(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Problem) {
    self.request = request
    self.view = view
    let sites = Dictionary(
      view.substrate.sites.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    siteIndex = sites
    var siteOfHost: [Int] = []
    for host in view.substrate.hosts {
      guard let site = sites[host.site] else { throw Refusal.homeless(host, view.substrate) }
      siteOfHost.append(site)
    }
    self.siteOfHost = siteOfHost
    minimum = request.networks.map { $0.minimum }
    members = Array(repeating: [], count: request.networks.count)
    nodes.reserveCapacity(request.nodes.count)
    for node in request.nodes { nodes.append(try demand(of: node, keeping: keeping)) }
    join()
  }

  private func demand(of node: Node, keeping: Embedding?) throws(Problem) -> NodeDemand {
    var demand = NodeDemand(cpu: node.cpu.thousandths, memory: node.memory.bytes)
    if let site = node.site {
      guard let index = siteIndex[site] else {
        throw Refusal.unknownSite(site, of: node, substrate: view.substrate)
      }
      demand.site = index
    }
    if let host = node.host {
      guard let index = view.hostIndex(host) else {
        throw Refusal.unknownHost(host, of: node, substrate: view.substrate)
      }
      demand.host = index
    }
    if let host = keeping?.placement[node.name] {
      try keep(node, on: host, demand: &demand)
    }
    if let host = demand.host, let site = demand.site, siteOfHost[host] != site {
      throw Refusal.pinsDisagree(node, host: view.substrate.hosts[host])
    }
    return demand
  }

  private func keep(_ node: Node, on host: Name, demand: inout NodeDemand) throws(Problem) {
    guard let index = view.hostIndex(host) else { throw Refusal.keptHostGone(node, host: host) }
    guard demand.host ?? index == index, demand.site ?? siteOfHost[index] == siteOfHost[index] else {
      throw Refusal.keptElsewhere(node, host: view.substrate.hosts[index])
    }
    demand.host = index
    demand.isKept = true
  }

  private mutating func join() {
    let index = Dictionary(
      request.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (number, network) in request.networks.enumerated() {
      for endpoint in network.endpoints {
        guard let node = index[endpoint.node], nodes[node].networks.last != number else { continue }
        nodes[node].networks.append(number)
        members[number].append(node)
      }
    }
  }

  /// All nodes together ask for more than all hosts together have free.
  var exceedsEverything: Bool {
    let hosts = view.substrate.hosts.indices
    let cpu = nodes.reduce(0) { saturatingSum($0, $1.cpu) }
    let memory = nodes.reduce(0) { saturatingSum($0, $1.memory) }
    return cpu > hosts.reduce(0) { saturatingSum($0, view.freeCPU($1).thousandths) }
      || memory > hosts.reduce(0) { saturatingSum($0, view.freeMemory($1).bytes) }
  }
}
