import Infrastructure
import Planning
import Quantities
import Testing

@Suite struct MTUTests {
  /// MTUs of the network `lan` between two hosts of two sites.
  private func mtu(asked: Int?, hosts: (Int, Int), link: Int, apart: Bool = true) throws -> Set<Int> {
    var substrate = metacenter()
    substrate.hosts = [host("brno-1", "brno", mtu: hosts.0), host("prague-1", "prague", mtu: hosts.1)]
    substrate.links[0].mtu = link
    let lab = VirtualInfrastructure(
      name: name("x"), nodes: [node("a", site: "brno"), node("b", site: apart ? "prague" : "brno")],
      networks: [segment("lan", [endpoint("a"), endpoint("b")], mtu: asked)])
    let networks = try plans([lab], on: substrate).flatMap(\.slices)
    return Set(networks.flatMap { $0.networks.map(\.mtu) + $0.machines.flatMap { $0.ports.map(\.mtu) } })
  }

  @Test func theNarrowestCableDecides() throws {
    #expect(try mtu(asked: nil, hosts: (9000, 9000), link: 1400) == [1400])
    #expect(try mtu(asked: nil, hosts: (9000, 8000), link: 9000) == [8000])
    #expect(try mtu(asked: 1300, hosts: (9000, 9000), link: 1400) == [1300])
  }

  @Test func aLocalNetworkHasWhatItAsks() throws {
    #expect(try mtu(asked: nil, hosts: (9000, 9000), link: 9000, apart: false) == [1500])
    #expect(try mtu(asked: 65535, hosts: (1500, 1500), link: 1500, apart: false) == [65535])
  }

  @Test func moreThanThePathCarriesIsRefused() {
    let problem = #expect(throws: Problem.self) { try mtu(asked: 9000, hosts: (9000, 9000), link: 1500) }
    #expect(problem?.kind == .refused)
    #expect(
      problem?.message == "segment lan asks for an MTU of 9000 bytes but core link brno - prague carries 1500")
  }
}
