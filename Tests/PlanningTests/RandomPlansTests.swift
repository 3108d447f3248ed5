import Algorithms
import Embedding
import Foundation
import Infrastructure
import Planning
import Quantities
import Reservations
import Testing

/// Several infrastructures on random substrates, translated VLANs among them: a broadcast reaches every
/// member of its network, whichever host it starts from, and nobody else.
@Suite struct RandomPlansTests {
  static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<60)

  @Test(arguments: seeds) func broadcastsReachTheirNetworkOnly(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let substrate = substrate(&random)
    var view = SubstrateView(substrate)
    var pool = VLANPool(substrate)
    var admissions: [Admission] = []
    for number in 1...4 {
      let lab = lab("lab\(number)", substrate, &random)
      // What does not fit is not what this test is about.
      if let admission = try? admit(lab, number: UInt32(number), on: &view, &pool) { admissions.append(admission) }
    }
    let plans = try planner.plans(for: substrate, admissions: admissions, generation: 1)
    for plan in plans { #expect(throws: Never.self, "seed \(seed)") { try plan.validate() } }
    let check = WireCheck(plans)
    #expect(check.faults.isEmpty, "seed \(seed)")
    #expect(check.clashes.isEmpty, "seed \(seed)")
    #expect(plans == (try planner.plans(for: substrate, admissions: admissions.reversed(), generation: 1)))
    for admission in admissions {
      for network in admission.infrastructure.networks {
        follow(network, of: admission, through: plans, check, on: substrate, "seed \(seed)")
      }
    }
  }

  private func follow(
    _ network: Network, of admission: Admission, through plans: [HostPlan], _ check: WireCheck,
    on substrate: Substrate, _ place: Comment
  ) {
    let label = "\(admission.infrastructure.name)/\(network.name)"
    let members = Set(network.endpoints.map { "\(admission.infrastructure.name)/\($0.node)" })
    let carriers = plans.filter { $0.slices.contains { $0.networks.contains { $0.label == label } } }
    for plan in carriers { #expect(check.reached(from: plan, network: label) == members, place) }
    let number = admission.networkNumbers[network.name]
    let switches = plans.filter { $0.domains.contains { $0.number == number } }
    let devices = Set((switches.isEmpty ? [] : carriers + switches).map(\.namespace))
    #expect(planner.devices(carrying: network.name, of: admission, on: substrate) == devices, place)
  }

  /// A random tree of sites and some links more; neighbours often have no allowed VLAN in common.
  private func substrate(_ random: inout SeededGenerator) -> Substrate {
    let count = Int.random(in: 1...5, using: &random)
    let sites = (0..<count).map { index in
      let first = UInt16.random(in: 0...2, using: &random) * 20 + 100
      return Site(name: name("s\(index)"), vlans: vlans(first...(first + 39)))
    }
    var links: [CoreLink] = []
    for index in 1..<max(1, count) {
      for other in [Int.random(in: 0..<index, using: &random), Int.random(in: 0..<index, using: &random)] {
        let ends = Bool.random(using: &random) ? (index, other) : (other, index)
        links.append(CoreLink(ends: Pair(name("s\(ends.0)"), name("s\(ends.1)")), latency: .milliseconds(1)))
      }
    }
    let hosts = (0..<count).flatMap { site in
      (0...Int.random(in: 0...2, using: &random)).map { host("h\(site)-\($0)", "s\(site)") }
    }
    return Substrate(name: name("random"), sites: sites, hosts: hosts, links: links)
  }

  private func lab(_ text: String, _ substrate: Substrate, _ random: inout SeededGenerator) -> VirtualInfrastructure {
    let nodes = (0..<Int.random(in: 1...8, using: &random)).map { index in
      var node = node("n\(index)")
      if Bool.random(using: &random) { node.site = substrate.sites.randomElement(using: &random)?.name }
      // Big nodes spread over more hosts than small ones.
      node.cpu.thousandths = UInt64.random(in: 1...300, using: &random) * 1000
      return node
    }
    let networks = (0..<Int.random(in: 0...5, using: &random)).map { number in
      let members = nodes.filter { _ in Bool.random(using: &random) }
      return segment("net\(number)", members.map { endpoint($0.name.description, "eth\(number)") })
    }
    return VirtualInfrastructure(name: name(text), nodes: nodes, networks: networks)
  }
}

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64
