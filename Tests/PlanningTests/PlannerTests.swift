import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations
import Testing

@Suite struct PlannerTests {
  @Test func everyMemberIsReachedAndNobodyElse() throws {
    var other = mpiLab()
    other.name = name("other")
    let plans = try plans([mpiLab(), other], on: metacenter())
    let check = WireCheck(plans)
    #expect(check.faults.isEmpty)
    #expect(check.clashes.isEmpty)
    for infrastructure in [mpiLab(), other] {
      for network in infrastructure.networks {
        let label = "\(infrastructure.name)/\(network.name)"
        let members = Set(network.endpoints.map { "\(infrastructure.name)/\($0.node)" })
        for plan in plans where plan.slices.contains(where: { $0.networks.contains { $0.label == label } }) {
          #expect(check.reached(from: plan, network: label) == members)
        }
      }
    }
  }

  @Test func theFirstEndsVLANIsOnTheCable() throws {
    // prague and pilsen allow no VLAN in common: the network is translated.
    let admission = try admit([mpiLab()], on: metacenter())[0]
    let remote = try #require(admission.vlans[name("remote")])
    #expect(remote[name("prague")] != remote[name("pilsen")])
    let plans = try planner.plans(
      for: metacenter(), admissions: [admission], generation: 1)
    let number = admission.networkNumbers[name("remote")]
    let pilsen = try #require(plans.first { $0.device == name("pilsen") }?.domains.first { $0.number == number })
    #expect(Set(pilsen.members.map(\.vlan)) == Set(remote.values))
  }

  @Test func emulatedDevicesAreAlwaysPlannedSwitchesFirst() throws {
    let plans = try plans([], on: metacenter())
    #expect(
      plans.map(\.device.description) == [
        "brno", "prague", "pilsen", "brno-1", "brno-2", "prague-1", "prague-2", "pilsen-1", "pilsen-2",
      ])
    #expect(plans.map(\.cables.count) == [3, 3, 2, 0, 0, 0, 0, 0, 0])
    #expect(plans.allSatisfy { $0.generation == 7 && $0.slices.isEmpty && $0.domains.isEmpty })
  }

  @Test func thisMachineAloneHasNoSwitchAndNoTrunk() throws {
    let substrate = Substrate(
      name: name("here"), sites: [Site(name: name("here"), vlans: vlans(100...199))],
      hosts: [host("here", "here", .real)])
    #expect(try plans([], on: substrate).isEmpty)
    var lab = mpiLab()
    for index in lab.nodes.indices { lab.nodes[index].site = nil }
    let plans = try plans([lab], on: substrate)
    #expect(plans.count == 1 && plans[0].cables.isEmpty && plans[0].domains.isEmpty)
    #expect(plans[0].slices[0].networks.allSatisfy { $0.trunk == nil && $0.mtu == 1500 })
    #expect(plans[0].slices[0].machines.count == 7)
  }

  @Test func aHostNamedLikeItsSiteHasANamespaceOfItsOwn() throws {
    let substrate = Substrate(
      name: name("s"), sites: [Site(name: name("a"), vlans: vlans(1...9))], hosts: [host("a", "a"), host("b", "a")])
    let plans = try plans([], on: substrate)
    #expect(plans.map(\.device.description) == ["a", "a", "b"])
    #expect(Set(plans.map(\.namespace)).count == 3)
  }

  @Test func parallelCoreLinksHavePortsOfTheirOwn() throws {
    var substrate = metacenter()
    substrate.links += substrate.links
    #expect(WireCheck(try plans([mpiLab()], on: substrate)).faults.isEmpty)
  }

  @Test func planningTwiceGivesTheSame() throws {
    #expect(try plans([mpiLab()], on: metacenter()) == plans([mpiLab()], on: metacenter()))
  }

  @Test func aDamagedAdmissionIsToldNotPlanned() throws {
    let right = try admit([mpiLab()], on: metacenter())[0]
    func code(_ spoil: (inout Admission) -> Void) -> String? {
      var admission = right
      spoil(&admission)
      do throws(Problem) {
        _ = try planner.plans(
          for: metacenter(), admissions: [admission], generation: 1)
        return nil
      } catch { return error.code }
    }
    #expect(code { _ in } == nil)
    #expect(code { $0.embedding.placement = [:] } == "admission-disagrees")
    #expect(code { $0.embedding.trees = [:] } == "admission-disagrees")
    #expect(code { $0.vlans = [:] } == "admission-disagrees")
    #expect(code { $0.networkNumbers = [:] } == "admission-disagrees")
    #expect(code { $0.portNumbers = PortNumbers() } == "admission-disagrees")
    #expect(code { $0.number = 0 } == "admission-disagrees")
    #expect(code { $0.embedding.placement[name("gw")] = name("nowhere") } == "admission-disagrees")
  }
}
