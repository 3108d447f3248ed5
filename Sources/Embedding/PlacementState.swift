import Infrastructure
import Quantities

/// What is free on each host, and where each network's endpoints are, while a placement grows.
struct PlacementState {
  private(set) var freeCPU: [UInt64]
  private(set) var freeMemory: [UInt64]
  /// In bit/s; the largest number is not limited.
  private(set) var freeUplink: [UInt64]
  /// Host of each node; -1 is not placed.
  private(set) var hostOf: [Int]
  private let hosts: Int
  private let sites: Int
  /// Nodes of a network on a host, `network * hosts + host`; the same with sites.
  private var onHost: [Int32]
  private var atSite: [Int32]
  /// Number of different hosts of each network and the sum of their indices: with one host the sum is it.
  private var spread: [(count: Int, sum: Int)]

  init(_ index: IndexedRequest) {
    let view = index.view
    hosts = view.substrate.hosts.count
    sites = view.substrate.sites.count
    freeCPU = (0..<hosts).map { view.freeCPU($0).thousandths }
    freeMemory = (0..<hosts).map { view.freeMemory($0).bytes }
    freeUplink = (0..<hosts).map { view.freeUplink($0)?.bitsPerSecond ?? .max }
    hostOf = Array(repeating: -1, count: index.nodes.count)
    onHost = Array(repeating: 0, count: index.members.count * hosts)
    atSite = Array(repeating: 0, count: index.members.count * sites)
    spread = Array(repeating: (0, 0), count: index.members.count)
  }

  func fits(_ demand: IndexedRequest.NodeDemand, _ host: Int) -> Bool {
    demand.cpu <= freeCPU[host] && demand.memory <= freeMemory[host]
  }

  func has(_ network: Int, host: Int) -> Bool { onHost[network * hosts + host] > 0 }
  func has(_ network: Int, site: Int) -> Bool { site >= 0 && atSite[network * sites + site] > 0 }

  /// Larger of the shares of processor and memory in use once `demand` is there too, `0 ... 1`.
  func load(of host: Int, with demand: IndexedRequest.NodeDemand, _ index: IndexedRequest) -> Double {
    func share(_ free: UInt64, _ asked: UInt64, _ all: UInt64) -> Double {
      all == 0 ? 0 : 1 - Double(free - asked) / Double(all)
    }
    let all = index.view.substrate.hosts[host]
    return max(
      share(freeCPU[host], demand.cpu, all.cpu.thousandths),
      share(freeMemory[host], demand.memory, all.memory.bytes))
  }

  /// Places the node if processor, memory and the uplinks of all hosts concerned have room.
  mutating func place(_ node: Int, on host: Int, of index: IndexedRequest) -> Bool {
    let demand = index.nodes[node]
    guard fits(demand, host) else { return false }
    for (position, network) in demand.networks.enumerated() {
      guard enter(network, host, index) else {
        for earlier in demand.networks[..<position].reversed() { leave(earlier, host, index) }
        return false
      }
    }
    freeCPU[host] -= demand.cpu
    freeMemory[host] -= demand.memory
    hostOf[node] = host
    return true
  }

  /// Takes the node off its host again.
  mutating func remove(_ node: Int, of index: IndexedRequest) {
    let demand = index.nodes[node]
    let host = hostOf[node]
    for network in demand.networks.reversed() { leave(network, host, index) }
    freeCPU[host] += demand.cpu
    freeMemory[host] += demand.memory
    hostOf[node] = -1
  }

  /// A host whose uplink would lack room if `network` came to `host`; nil where there is room.
  func uplinkWithoutRoom(for network: Int, on host: Int, _ index: IndexedRequest) -> Int? {
    let minimum = index.minimum[network]
    guard minimum > 0, !has(network, host: host), spread[network].count > 0 else { return nil }
    if freeUplink[host] < minimum { return host }
    // The network's only host so far needed no uplink; it does now.
    guard spread[network].count == 1, freeUplink[spread[network].sum] < minimum else { return nil }
    return spread[network].sum
  }

  private mutating func enter(_ network: Int, _ host: Int, _ index: IndexedRequest) -> Bool {
    if !has(network, host: host) {
      guard uplinkWithoutRoom(for: network, on: host, index) == nil else { return false }
      let minimum = index.minimum[network]
      if spread[network].count == 1 { take(minimum, spread[network].sum) }
      if spread[network].count > 0 { take(minimum, host) }
      spread[network] = (spread[network].count + 1, spread[network].sum + host)
    }
    count(network, host, index, by: 1)
    return true
  }

  private mutating func leave(_ network: Int, _ host: Int, _ index: IndexedRequest) {
    count(network, host, index, by: -1)
    guard !has(network, host: host) else { return }
    let minimum = index.minimum[network]
    spread[network] = (spread[network].count - 1, spread[network].sum - host)
    if spread[network].count > 0 { give(minimum, host) }
    if spread[network].count == 1 { give(minimum, spread[network].sum) }
  }

  private mutating func count(_ network: Int, _ host: Int, _ index: IndexedRequest, by change: Int32) {
    onHost[network * hosts + host] += change
    let site = index.siteOfHost[host]
    if site >= 0 { atSite[network * sites + site] += change }
  }

  private mutating func take(_ minimum: UInt64, _ host: Int) {
    if freeUplink[host] != .max { freeUplink[host] -= minimum }
  }

  private mutating func give(_ minimum: UInt64, _ host: Int) {
    if freeUplink[host] != .max { freeUplink[host] += minimum }
  }
}
