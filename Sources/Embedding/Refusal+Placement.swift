import Infrastructure
import Quantities

extension Refusal {
  /// Refuses nodes that would not fit even if they came alone.
  static func check(_ index: IndexedRequest) throws(Problem) {
    let all = index.view.substrate.hosts.indices
    guard !all.isEmpty || index.nodes.isEmpty else { throw noHosts(index.request) }
    for (node, demand) in index.nodes.enumerated() {
      let hosts = allowed(demand, index)
      if hosts.isEmpty { throw siteWithoutHosts(index.request.nodes[node]) }
      let fits = hosts.contains {
        demand.cpu <= index.view.freeCPU($0).thousandths && demand.memory <= index.view.freeMemory($0).bytes
      }
      if !fits {
        throw shortage(
          of: node, index, hosts, after: 0, cpu: { index.view.freeCPU($0).thousandths },
          memory: { index.view.freeMemory($0).bytes })
      }
    }
  }

  /// Why the search found no host for a node, with what was free at that moment.
  static func deadEnd(of search: PlacementSearch, _ index: IndexedRequest) -> Problem {
    guard let (node, state) = search.deadEnd else { return noHosts(index.request) }
    let demand = index.nodes[node]
    let hosts = allowed(demand, index)
    for host in hosts where state.fits(demand, host) {
      for network in demand.networks {
        if let full = state.uplinkWithoutRoom(for: network, on: host, index) {
          return uplinkFull(index, network, host: full, free: state.freeUplink[full])
        }
      }
    }
    // Room for each network by itself, but not for all of them on one uplink.
    if let host = hosts.first(where: { state.fits(demand, $0) }),
      let network = demand.networks.max(by: { index.minimum[$0] < index.minimum[$1] })
    {
      return uplinkFull(index, network, host: host, free: state.freeUplink[host])
    }
    let placed = state.hostOf.count { $0 >= 0 }
    return shortage(
      of: node, index, hosts, after: placed, cpu: { state.freeCPU[$0] }, memory: { state.freeMemory[$0] })
  }

  private static func allowed(_ demand: IndexedRequest.NodeDemand, _ index: IndexedRequest) -> [Int] {
    if let host = demand.host { return [host] }
    return index.siteOfHost.indices.filter { demand.site == nil || index.siteOfHost[$0] == demand.site }
  }

  private static func siteWithoutHosts(_ node: Node) -> Problem {
    Problem(
      .refused, "site-without-hosts", "site \(node.site?.description ?? "") has no host for node \(node.name)",
      remedy: "Pin the node to another site, or add a host to this one.")
  }

  private static func shortage(
    of number: Int, _ index: IndexedRequest, _ hosts: [Int], after placed: Int, cpu: (Int) -> UInt64,
    memory: (Int) -> UInt64
  ) -> Problem {
    let node = index.request.nodes[number]
    let demand = index.nodes[number]
    let roomiest = hosts.max { (cpu($0), $1) < (cpu($1), $0) } ?? hosts[0]
    let largest = hosts.max { (memory($0), $1) < (memory($1), $0) } ?? hosts[0]
    let others = placed == 0 ? "" : " once \(placed) other \(placed == 1 ? "node is" : "nodes are") placed"
    let scope = scope(of: node, index, hosts)
    if demand.cpu > cpu(roomiest) {
      return Problem(
        .refused, "no-cpu",
        "node \(node.name) needs \(node.cpu) cores but the most \(scope) has free\(others) is \(Cores(thousandths: cpu(roomiest))) (host \(index.view.substrate.hosts[roomiest].name))",
        remedy: "Ask for fewer cores, widen the node's site or host, or take something down.")
    }
    if demand.memory > memory(largest) {
      return Problem(
        .refused, "no-memory",
        "node \(node.name) needs \(node.memory) of memory but the most \(scope) has free\(others) is \(ByteCount(bytes: memory(largest))) (host \(index.view.substrate.hosts[largest].name))",
        remedy: "Ask for less memory, widen the node's site or host, or take something down.")
    }
    return Problem(
      .refused, "no-host",
      "node \(node.name) needs \(node.cpu) cores and \(node.memory) of memory at one place, but host \(index.view.substrate.hosts[roomiest].name) with the most cores free\(others) has too little memory free and host \(index.view.substrate.hosts[largest].name) with the most memory free has too few cores",
      remedy: "Ask for less, widen the node's site or host, or take something down.")
  }

  private static func scope(of node: Node, _ index: IndexedRequest, _ hosts: [Int]) -> String {
    if index.nodes.isEmpty || node.host == nil && hosts.count > 1 {
      return node.site.map { "any host of site \($0)" } ?? "any host"
    }
    return "host \(index.view.substrate.hosts[hosts[0]].name)"
  }

  private static func uplinkFull(_ index: IndexedRequest, _ network: Int, host: Int, free: UInt64) -> Problem {
    let asked = index.request.networks[network]
    let host = index.view.substrate.hosts[host]
    return Problem(
      .refused, "uplink-full",
      "the uplink of host \(host.name) has \(Bitrate(bitsPerSecond: free)) free of \(text(host.uplink)) but \(asked.kind.rawValue) \(asked.name) needs \(text(asked.minimumRate))",
      remedy: "Ask for a lower minimum rate, or pin the nodes of \(asked.name) to one host.")
  }

  static func text(_ rate: Bitrate?) -> String { rate.map { "\($0)" } ?? "unlimited" }
}
