import Infrastructure
import Languages
import Planning
import Quantities
import Testing

/// Plans for sites with real switches.
@Suite struct PhysicalSiteTests {
  private func substrate(_ text: String) throws -> Substrate {
    try SubstrateReader.read(text: Array(text.utf8), file: "test", environment: [:])
  }

  private func problem(_ text: String, here: String? = "me", agents: Bool = true) throws -> String? {
    do {
      try substrate(text).checkRealHosts(here: here.map { try Name(parsing: $0) }, expectsAgents: agents)
      return nil
    } catch let problem as Problem { return problem.code }
  }

  @Test func thereAreNoSwitchesAndNoCablesButTrunks() throws {
    let plans = try TestPlans(hosts: ["h1", "h2"])
    let documents = try plans.documents([plans.admission(number: 1, hosts: ["h1", "h2"])], generation: 3)
    for document in documents {
      let plan = try #require(document.plans?.first)
      #expect(document.plans?.count == 1 && !plan.isSwitch && plan.cables.isEmpty)
      #expect(plan.trunk == TrunkLinkPlan(interface: "eth1", vlans: "100-199", mtu: 1500))
      #expect(plan.slices.flatMap { $0.networks.flatMap(\.ways) }.map(\.uplink) == ["uplink"])
    }
    #expect(try plans.documents([], generation: 4).allSatisfy { $0.plans?.isEmpty ?? false })
  }

  @Test func aNetworkHasOneVLANEverywhere() throws {
    let plans = try TestPlans(hosts: ["h1", "h2"])
    var admission = try plans.admission(number: 1, hosts: ["h1", "h2"])
    let (network, own) = try #require(admission.vlans.first)
    let site = try #require(own.keys.min())
    admission.vlans[network]?[site] = try VLANSet(parsing: "150").members.first
    let problem = #expect(throws: Problem.self) { _ = try plans.documents([admission], generation: 3) }
    #expect(problem?.code == "no-common-vlan")
    #expect(throws: Problem.self) { try admission.checkVLANs(on: plans.substrate) }
  }

  @Test func mixturesAreRefusedByName() throws {
    let real = "kind: real, trunk: eth1"
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n  b: {site: s, \(real)}\n")
        == nil)
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n  b: {site: s}\n")
        == "mixed-site")
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n  b: {site: s, kind: real}\n")
        == "mixed-site")
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, kind: real}\n  b: {site: s}\n")
        == "no-trunk")
    // The controller's own machine is cabled to an emulated switch.
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  me: {site: s, kind: real}\n  b: {site: s}\n") == nil)
    #expect(
      try problem(
        "name: t\nsites: {s: {vlans: 1-9}, r: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n  b: {site: r}\nlinks: [{ends: [s, r]}]\n"
      )
        == "mixed-core")
    #expect(
      try problem("name: t\ncore: vxlan\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n")
        == "core-unsupported")
    #expect(
      try problem("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, \(real)}\n", agents: false)
        == "host-not-here")
    #expect(throws: Problem.self) {
      try substrate("name: t\nsites: {s: {vlans: 1-9}}\nhosts:\n  a: {site: s, trunk: eth1}\n")
    }
  }

  @Test func trunksAreWrittenAndReadAgain() throws {
    let original = try TestPlans(hosts: ["h1", "h2"]).substrate
    #expect(try substrate(SubstrateWriter.text(original)) == original)
    #expect(original.hosts.map(\.trunk) == ["eth1", "eth1"])
  }
}
