import Embedding
import Infrastructure
import Quantities

/// A small substrate, partly held by others, and a small request that uses a bit of everything.
struct RandomCase {
  let request: VirtualInfrastructure
  let view: SubstrateView

  init(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let substrate = Self.substrate(&random)
    var used = SubstrateView(substrate).used
    let numbers = ResourceNumbers(substrate)
    if Bool.random(using: &random) {
      used[numbers[.cpu(host: 0)]] = 1000
      used[numbers[.tenancy(host: 0)]] = 1
      used[numbers[.link(0, .reverse)]] = 60_000_000
    }
    view = SubstrateView(substrate).holding(used)
    request = Self.request(&random)
  }

  private static func chance(_ one: Int, in many: Int, _ random: inout SeededGenerator) -> Bool {
    Int.random(in: 0..<many, using: &random) < one
  }

  private static func substrate(_ random: inout SeededGenerator) -> Substrate {
    let names = ["a", "b", "c", "d"].prefix(Int.random(in: 3...4, using: &random))
    let sites = names.map { site($0, vlans: chance(1, in: 4, &random) ? 1 : 100) }
    var links: [CoreLink] = []
    for (index, one) in names.enumerated() {
      for other in names.dropFirst(index + 1) where chance(4, in: 5, &random) {
        let rate = chance(1, in: 4, &random) ? nil : UInt64.random(in: 5...20, using: &random) * 10
        let ends = Bool.random(using: &random) ? (one, other) : (other, one)
        links.append(link(ends.0, ends.1, rate, ms: .random(in: 1...5, using: &random)))
      }
    }
    var hosts = names.map { host("\($0)-1", $0, cpu: .random(in: 1...3, using: &random)) }
    // Hosts that are alike, and so many at one site that some are left out.
    let more = [0, 0, 1, 4].randomElement(using: &random) ?? 0
    for number in 0..<more {
      hosts.append(host("a-\(number + 2)", "a", cpu: number == 2 ? 1 : hosts[0].cpu.thousandths / 1000))
    }
    for index in hosts.indices {
      if chance(1, in: 3, &random) { hosts[index].uplink = mbit(.random(in: 8...20, using: &random) * 10) }
      if chance(1, in: 6, &random) { hosts[index].slots = 1 }
      if chance(1, in: 4, &random) { hosts[index].storage = mebibytes(10) }
      if chance(2, in: 3, &random) { hosts[index].location = "hall" }
    }
    return Substrate(
      name: name("s"), sites: sites, hosts: hosts, links: links, bestEffort: chance(1, in: 3, &random) ? 10 : 0)
  }

  private static func request(_ random: inout SeededGenerator) -> VirtualInfrastructure {
    var nodes = ["x", "y", "z"].map { node($0) }
    for index in nodes.indices {
      if chance(1, in: 6, &random) {
        nodes[index].site = name("b")
      } else if chance(1, in: 8, &random) {
        nodes[index].host = name("c-1")
      }
      if chance(1, in: 7, &random) { nodes[index].location = "hall" }
      if chance(1, in: 6, &random) { nodes[index].isExclusive = true }
      if chance(1, in: 3, &random) { nodes[index].storage = mebibytes(6) }
    }
    func rate() -> UInt64? { chance(1, in: 5, &random) ? nil : UInt64.random(in: 1...9, using: &random) * 10 }
    func latency() -> Duration? {
      chance(1, in: 3, &random) ? .milliseconds(Int.random(in: 2...8, using: &random)) : nil
    }
    var networks = [wire("u", "x", "y", rate(), back: rate(), latency: latency())]
    networks.append(
      Bool.random(using: &random)
        ? segment("v", ["x", "y", "z"], rate(), latency: latency()) : wire("v", "z", "x", rate(), back: rate()))
    if Bool.random(using: &random) { networks.append(wire("w", "z", "y", rate(), latency: latency())) }
    var rules: [PlacementRule] = []
    if chance(1, in: 3, &random) { rules.append(PlacementRule(.apart, .host, nodes: ["x", "y", "z"].map(name))) }
    if chance(1, in: 6, &random) { rules.append(PlacementRule(.apart, .site, nodes: ["y", "z"].map(name))) }
    if chance(1, in: 6, &random) { rules.append(PlacementRule(.together, .site, nodes: ["x", "z"].map(name))) }
    if chance(1, in: 8, &random) { rules.append(PlacementRule(.together, .host, nodes: ["x", "y"].map(name))) }
    return infrastructure(nodes, networks, rules)
  }
}
