import Foundation
import Infrastructure
import Planning
import Testing

/// What routers run, in plans.
@Suite struct RouterPlanTests {
  private let software = RouterSoftware(
    routing: .frr(configuration: "router ospf\n", daemons: [.ospfd]), nftables: "table inet x {}",
    qdiscs: ["eth0": ["pfifo"]])

  private func lab(_ software: RouterSoftware?) -> VirtualInfrastructure {
    var lab = mpiLab()
    lab.nodes[6].software = software
    return lab
  }

  @Test func thePlanCarriesIt() throws {
    let machines = try plans([lab(software)], on: metacenter()).flatMap(\.slices).flatMap(\.machines)
    #expect(machines.filter { $0.software != nil }.map(\.label) == ["mpi-lab/gw"])
    #expect(machines.first { $0.isRouter }?.software == software)
  }

  /// Another configuration is no other machine: it goes on running.
  @Test func theMachineStaysTheSame() throws {
    let keys = try [lab(nil), lab(software)].map { lab in
      try plans([lab], on: metacenter()).flatMap(\.slices).flatMap(\.machines).map(\.key)
    }
    #expect(keys[0] == keys[1])
  }

  @Test func anAdmissionKeepsIt() throws {
    let admission = try admit([lab(software)], on: metacenter())[0]
    #expect(try JSONDecoder().decode(Admission.self, from: JSONEncoder().encode(admission)) == admission)
    // What older versions stored has no such key.
    let old = try String(decoding: JSONEncoder().encode(admit([lab(nil)], on: metacenter())[0]), as: UTF8.self)
    #expect(!old.contains("software"))
  }

  @Test func marksTellEveryChange() {
    var others = Array(repeating: software, count: 6)
    others[0].routing = .frr(configuration: "router ospf", daemons: [.ospfd])
    others[1].routing = .frr(configuration: "router ospf\n", daemons: [.ospfd, .bfdd])
    others[2].routing = .bird(configuration: "router ospf\n")
    others[3].nftables = "table inet y {}"
    others[4].qdiscs = ["eth0": ["pfifo", "limit", "7"]]
    others[5].qdiscs = ["eth1": ["pfifo"]]
    #expect(software.marks.keys.sorted() == ["nftables", "qdisc:eth0", "routing"])
    #expect(Set(others.map(\.marks) + [software.marks]).count == 7)
    #expect(RouterSoftware().marks.isEmpty && RouterSoftware().programs.isEmpty)
    #expect(software.programs == ["zebra", "staticd", "ospfd"])
  }
}
