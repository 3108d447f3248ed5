import Infrastructure
import Languages
import Quantities
import Testing

struct ExampleTests {
  /// The file of the design, word for word but for `access`, which is not built yet.
  @Test func theFileOfTheDesignIsRead() throws {
    let infrastructure = try read(
      """
      name: mpi-lab
      lease: {duration: 4h}                       # or start: / end: (RFC 3339)
      nodes:
        worker[1-4]: {kind: machine, image: host, cpu: 1, memory: 128MiB, site: brno}
        far:         {kind: machine, site: pilsen}
        gw:          {kind: router}
      segments:
        lan: {members: ["worker[1-4]", gw], addresses: 10.1.0.0/24, rate: {min: 100Mbit/s, max: 500Mbit/s}}
      wires:
        - {ends: [gw, far], addresses: 10.2.0.0/30, rate: 200Mbit/s, latency: {max: 10ms}, type: auto}
      access: {vpn: none, publish: [], allow: []}
      """)
    #expect(infrastructure.lease.duration == .seconds(14400))
    #expect(infrastructure.nodes.map(\.name.description) == ["worker1", "worker2", "worker3", "worker4", "far", "gw"])
    #expect(
      infrastructure.endpointLines == [
        "worker1:eth0 10.1.0.1/24 via 10.1.0.5", "worker2:eth0 10.1.0.2/24 via 10.1.0.5",
        "worker3:eth0 10.1.0.3/24 via 10.1.0.5", "worker4:eth0 10.1.0.4/24 via 10.1.0.5", "gw:eth0 10.1.0.5/24",
        "gw:eth1 10.2.0.1/30", "far:eth0 10.2.0.2/30 via 10.2.0.1",
      ])
    let (lan, wire) = (infrastructure.networks[0], infrastructure.networks[1])
    #expect(lan.kind == .segment && wire.kind == .wire && wire.name.description == "gw-far")
    #expect(lan.rate.minimum?.description == "100Mbit/s" && lan.rate.maximum?.description == "500Mbit/s")
    #expect(wire.rate.minimum == wire.rate.maximum && wire.rate.minimum?.description == "200Mbit/s")
    #expect(wire.maximumLatency == .milliseconds(10))
    #expect(infrastructure.nodes[5].kind == .router && infrastructure.nodes[0].site?.description == "brno")
  }

  @Test func theLaboratoryIsRead() throws {
    let lab = try example("mpi-lab.vc.yaml")
    #expect(lab.nodes.count == 8 && lab.networks.count == 3 && lab.lease.duration == .seconds(14400))
    let first = lab.endpoint("worker1:eth0")
    #expect(first?.addresses.map(\.description) == ["10.1.0.1/24", "fd00:1::1/64"])
    #expect(first?.gateways.map(\.description) == ["10.1.0.7", "fd00:1::7"])
    #expect(lab.endpoint("worker1:eth1")?.addresses.map(\.description) == ["10.3.0.1/24"])
    #expect(lab.endpoint("far:eth0")?.gateways.map(\.description) == ["10.2.0.1"])
    #expect(Set(lab.nodes.compactMap(\.site)).count == 3)
  }

  @Test func theTwinHasTheSameAddresses() throws {
    let (lab, twin) = (try example("mpi-lab.vc.yaml"), try example("mpi-lab-twin.vc.yaml"))
    #expect(twin.name != lab.name && twin.endpointLines == lab.endpointLines)
  }

  @Test func theReservationIsRead() throws {
    let tonight = try example("tonight.vc.yaml")
    #expect(tonight.rules.count == 2 && tonight.timeline.count == 1 && tonight.nodes[0].least != nil)
    let results = tonight.networks[1]
    #expect(results.minimum == 200_000_000 && results.reverseMinimum == 10_000_000)
  }

  @Test func thePairInVXDLIsRead() throws {
    let document = try VXDLReader.read(text: bytes(of: "examples/pair.vxdl.xml"), file: "pair.vxdl.xml")
    let (pair, remarks) = try document.infrastructure()
    #expect(remarks.isEmpty && pair.name.description == "pair" && pair.lease.duration == .seconds(7200))
    #expect(pair.nodes.map(\.name.description) == ["left", "right", "between"] && pair.nodes[2].kind == .router)
    let first = pair.networks[0]
    #expect(first.minimum == 100_000_000 && first.reverseMinimum == 50_000_000)
    #expect(first.rate.maximum?.bitsPerSecond == 500_000_000 && first.maximumLatency == .milliseconds(10))
  }

  @Test func theSmallestIsRead() throws {
    let small = try example("hello.vc.yaml")
    #expect(small.endpointLines == ["left:eth0 192.0.2.1/24", "right:eth0 192.0.2.2/24"])
    #expect(small.lease.duration == nil && small.nodes.allSatisfy { $0.site == nil })
  }

  @Test func theGridIsRead() throws {
    let grid = try SubstrateReader.read(
      text: bytes(of: "examples/metacenter.substrate.yaml"), file: "metacenter.substrate.yaml", environment: [:])
    #expect(grid.sites.map(\.vlans.description) == ["100-199, 300", "150-249", "180-260"])
    #expect(grid.hosts.count == 9 && grid.hosts.allSatisfy { $0.kind == .emulated && $0.mtu == 1500 })
    #expect(grid.hosts[3].name.description == "prague-1" && grid.hosts[3].site.description == "prague")
    #expect(grid.hosts[0].uplink?.description == "10Gbit/s" && grid.hosts[0].memory.description == "4GiB")
    #expect(grid.links.map(\.latency) == [.milliseconds(3), .milliseconds(2), .milliseconds(5)])
    #expect(grid.links[2].rate?.description == "500Mbit/s" && grid.links[2].ends.second.description == "pilsen")
  }
}
