import Foundation
import Infrastructure
import Planning
import Quantities
import Testing

@Suite struct MachinePlanTests {
  private func machines(_ infrastructure: VirtualInfrastructure) throws -> [String: MachinePlan] {
    let machines = try plans([infrastructure], on: metacenter()).flatMap(\.slices).flatMap(\.machines)
    return Dictionary(uniqueKeysWithValues: machines.map { ($0.name.description, $0) })
  }

  @Test func macAddressesAreLocalUnicastAndUnique() throws {
    var other = mpiLab()
    other.name = name("other")
    let ports = try plans([mpiLab(), other], on: metacenter()).flatMap(\.slices).flatMap(\.machines).flatMap(\.ports)
    #expect(Set(ports.map(\.mac)).count == ports.count && ports.count == 20)
    #expect(ports.allSatisfy { $0.mac.rawValue >> 40 == 0x02 && $0.mac.rawValue >> 32 & 0xff == 0x56 })
    #expect(ports.contains { $0.mac.rawValue == 0x0256_0002_0009 })
  }

  @Test func portsGoByInterfaceWithNumbersAsNumbers() throws {
    let networks = [10, 2, 0, 1].map { segment("n\($0)", [endpoint("a", "eth\($0)"), endpoint("b", "eth\($0)")]) }
    let machines = try machines(
      VirtualInfrastructure(name: name("x"), nodes: [node("a"), node("b")], networks: networks))
    #expect(machines["a"]?.ports.map(\.interface) == ["eth0", "eth1", "eth2", "eth10"])
  }

  @Test func theFirstGatewayIsTheDefaultUnlessTheNodeHasOne() throws {
    let everywhere = IPPrefix(address: .v4(0), length: 0)
    let own = Route(destination: everywhere, gateway: v4(1, 9))
    let both = [endpoint("a", "eth0", via: [v4(1, 1), .v6(1)]), endpoint("b", "eth0", via: [v4(1, 1)])]
    let second = [endpoint("a", "eth1", via: [v4(2, 1)])]
    let machines = try machines(
      VirtualInfrastructure(
        name: name("x"), nodes: [node("a"), node("b", routes: [own])],
        networks: [segment("one", both), segment("two", second)]))
    #expect(
      machines["a"]?.routes == [
        RoutePlan(destination: everywhere, gateway: v4(1, 1)),
        RoutePlan(destination: IPPrefix(address: .v6(0), length: 0), gateway: .v6(1)),
      ])
    #expect(machines["b"]?.routes == [RoutePlan(destination: everywhere, gateway: v4(1, 9))])
  }

  @Test func theHostsFileNamesEveryNode() throws {
    let slice = try #require(try plans([mpiLab()], on: metacenter()).flatMap(\.slices).first)
    let lines = slice.hostsFile.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0] == "\(v4(1, 1)) worker1 worker1.mpi-lab")
    #expect(lines[6] == "\(v4(1, 5)) gw gw.mpi-lab")
  }

  @Test func routersAndKeys() throws {
    let machines = try machines(mpiLab())
    #expect(machines.values.filter(\.isRouter).map(\.label) == ["mpi-lab/gw"])
    #expect(Set(machines.values.map(\.key)).count == 7)
  }

  @Test func portNumbersStayWhileNodesComeAndGo() throws {
    var numbers = PortNumbers()
    let before = [segment("lan", ["a", "b", "c"].map { endpoint($0) })]
    try numbers.update(for: VirtualInfrastructure(name: name("x"), nodes: [], networks: before))
    #expect(["a", "b", "c"].map { numbers.number(of: name($0), "eth0") } == [0, 1, 2])
    let after = [segment("lan", ["d", "c", "a", "e"].map { endpoint($0) })]
    try numbers.update(for: VirtualInfrastructure(name: name("x"), nodes: [], networks: after))
    #expect(["a", "b", "c", "d", "e"].map { numbers.number(of: name($0), "eth0") } == [0, nil, 2, 1, 3])
  }

  @Test func tooManyPortsAreRefused() throws {
    var numbers = PortNumbers()
    let all = (0...65535).map { endpoint("a", "e\($0)") }
    try numbers.update(for: VirtualInfrastructure(name: name("x"), nodes: [], networks: [segment("lan", all)]))
    let one = segment("more", [endpoint("b")])
    let problem = #expect(throws: Problem.self) {
      try numbers.update(for: VirtualInfrastructure(name: name("x"), nodes: [], networks: [segment("lan", all), one]))
    }
    #expect(problem?.code == "too-many-ports")
    #expect(numbers.number(of: name("a"), "e65535") == 65535)
  }

  @Test func anAdmissionSurvivesItsStore() throws {
    let admission = try admit([mpiLab()], on: metacenter())[0]
    #expect(try JSONDecoder().decode(Admission.self, from: JSONEncoder().encode(admission)) == admission)
  }
}
