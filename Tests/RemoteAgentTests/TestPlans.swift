import API
import Controller
import Glibc
import Infrastructure
import Languages
import Planning
import Quantities
import Reservations

/// Plans as a controller makes them, for sites of one real host each.
struct TestPlans {
  /// The controller's installation, whose marks are not those of any agent.
  private let installation: Installation
  let substrate: Substrate

  init(hosts: [String], vlans: String = "100-199") throws {
    installation = try Installation(stateDirectory: "/var/tmp/vca-no-such-controller")
    let sites = hosts.map { "  site-\($0): {vlans: \(vlans)}" }.joined(separator: "\n")
    let lines = hosts.map { "  \($0): {site: site-\($0), kind: real, trunk: eth1, cpu: 4, memory: 4GiB}" }
    let links = zip(hosts, hosts.dropFirst()).map { "  - {ends: [site-\($0), site-\($1)]}" }.joined(separator: "\n")
    let text = "name: test\nsites:\n\(sites)\nhosts:\n\(lines.joined(separator: "\n"))\nlinks:\n\(links)\n"
    substrate = try SubstrateReader.read(text: Array(text.utf8), file: "test", environment: [:])
  }

  /// One machine a host, called after it, on a segment 10.5.NUMBER.0/24.
  func admission(number: UInt32, hosts: [String]) throws -> Admission {
    let nodes = hosts.map { "  m-\($0): {site: site-\($0), cpu: 0.1, memory: 64MiB}" }.joined(separator: "\n")
    let members = hosts.map { "m-\($0)" }.joined(separator: ", ")
    let text =
      "name: lab\(number)\nnodes:\n\(nodes)\nsegments:\n  lan: {members: [\(members)], addresses: 10.5.\(number).0/24}\n"
    let request = try InfrastructureReader.read(
      text: Array(text.utf8), file: "test", environment: [:])
    var admission = try Controller.propose(request, in: installation, on: substrate).admission
    admission.number = number
    admission.networkNumbers = admission.networkNumbers.mapValues { _ in number }
    for network in admission.vlans.keys {
      guard let vlan = VLANID(UInt16(100 + number)) else { continue }
      admission.vlans[network] = admission.vlans[network]?.mapValues { _ in vlan }
    }
    return admission
  }

  /// What each host is given.
  func documents(
    _ admissions: [Admission], generation: UInt64, leaseEnds: [UInt32: Int64] = [:], fences: [UInt32: Int64] = [:]
  ) throws -> [PlansDocument] {
    let plans = try Planner(realm: installation.realm).plans(
      for: substrate, admissions: admissions, generation: generation)
    return substrate.hosts.map { host in
      PlansDocument(
        host: host.name, generation: generation, plans: plans.filter { $0.device == host.name },
        leaseEnds: Dictionary(uniqueKeysWithValues: leaseEnds.map { ("\($0.key)", $0.value) }),
        fences: Dictionary(uniqueKeysWithValues: fences.map { ("\($0.key)", $0.value) }), poll: 2, time: 0)
    }
  }
}
