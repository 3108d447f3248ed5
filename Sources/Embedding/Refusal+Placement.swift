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
    if let host = hosts.first(where: { state.fits(demand, $0) }) {
      return uplinkFull(index, node: node, host: host, free: state.freeUplink[host])
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
    let roomiest = hosts.max { (cpu($0), $1) < (cpu($1), $0) } ?? hosts[0]
    let largest = hosts.max { (memory($0), $1) < (memory($1), $0) } ?? hosts[0]
    let most = scope(of: node, index, hosts)
    let others = placed == 0 ? "" : " once \(placed) other \(placed == 1 ? "node is" : "nodes are") placed"
    let (first, second) = (index.view.substrate.hosts[roomiest].name, index.view.substrate.hosts[largest].name)
    let remedy = "Ask for less, widen the node's site or host, or take something down."
    if node.cpu.thousandths > cpu(roomiest) {
      let free = Cores(thousandths: cpu(roomiest))
      return Problem(
        .refused, "no-cpu",
        "node \(node.name) needs \(node.cpu) cores but \(most(others, "\(free)", first))", remedy: remedy)
    }
    let free = ByteCount(bytes: memory(largest))
    if node.memory > free {
      return Problem(
        .refused, "no-memory",
        "node \(node.name) needs \(node.memory) of memory but \(most(others, "\(free)", second))",
        remedy: remedy)
    }
    return Problem(
      .refused, "no-host",
      "node \(node.name) needs \(node.cpu) cores and \(node.memory) of memory at one place\(others), but host \(first) "
        + "has the cores without the memory and host \(second) the memory without the cores", remedy: remedy)
  }

  /// Says what is free at most where the node may go.
  private static func scope(
    of node: Node, _ index: IndexedRequest, _ hosts: [Int]
  ) -> (_ others: String, _ free: String, _ host: Name) -> String {
    guard node.host == nil, hosts.count > 1 else { return { "host \($2) has only \($1) free\($0)" } }
    let place = node.site.map { "any host of site \($0)" } ?? "any host"
    return { "the most \(place) has free\($0) is \($1) (host \($2))" }
  }

  private static func uplinkFull(_ index: IndexedRequest, _ network: Int, host: Int, free: UInt64) -> Problem {
    let asked = index.request.networks[network]
    let host = index.view.substrate.hosts[host]
    return Problem(
      .refused, "uplink-full",
      "the uplink of host \(host.name) has \(Bitrate(bitsPerSecond: free)) free of \(text(host.uplink)) "
        + "but \(asked.kind.rawValue) \(asked.name) needs \(text(asked.rate.minimum))",
      remedy: "Ask for a lower minimum rate, or pin the nodes of \(asked.name) to one host.")
  }

  /// There is room for each of the node's networks by itself, but not for all of them on one uplink.
  private static func uplinkFull(_ index: IndexedRequest, node: Int, host: Int, free: UInt64) -> Problem {
    let (asked, host) = (index.request.nodes[node], index.view.substrate.hosts[host])
    let sum = index.nodes[node].networks.reduce(0) { saturatingSum($0, index.minimum[$1]) }
    return Problem(
      .refused, "uplink-full",
      "the uplink of host \(host.name) has \(Bitrate(bitsPerSecond: free)) free of \(text(host.uplink)) "
        + "but the networks of node \(asked.name) need up to \(Bitrate(bitsPerSecond: sum)) together",
      remedy: "Ask for lower minimum rates, or pin the node and its neighbours to one host.")
  }

  static func text(_ rate: Bitrate?) -> String { rate.map { "\($0)" } ?? "unlimited" }
}
