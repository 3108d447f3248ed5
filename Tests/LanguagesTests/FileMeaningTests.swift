import Infrastructure
import Languages
import Quantities
import Testing

/// What the keys of the file mean.
struct FileMeaningTests {
  @Test func rangesListsAndPadding() throws {
    let lab = try read("name: lab\nnodes:\n  w[1-3,7]: {}\n  n[08-11]: {}\n  r[1-2]-[1-2]: {}")
    #expect(
      lab.nodes.map(\.name.description) == [
        "w1", "w2", "w3", "w7", "n08", "n09", "n10", "n11", "r1-1", "r1-2", "r2-1", "r2-2",
      ])
  }

  @Test func aRangeMayBeginAtZero() throws {
    let lab = try read("name: lab\nnodes:\n  w[0-10]: {}\n  n[00-02]: {}\n  v[0]: {}")
    #expect(lab.nodes.count == 15 && lab.nodes[0].name.description == "w0" && lab.nodes[10].name.description == "w10")
    #expect(lab.nodes[11...].map(\.name.description) == ["n00", "n01", "n02", "v0"])
  }

  @Test func aByteOrderMarkIsNoText() throws {
    #expect(try read("\u{FEFF}name: lab\nnodes: {a: {}}").name.description == "lab")
    let error = #expect(throws: Problem.self) { try read("\u{FEFF}nome: lab\nnodes: {a: {}}") }
    #expect(error?.location == "lab.vc.yaml:1:1")
  }

  @Test func defaultsFillWhatNodesLeaveOut() throws {
    let lab = try read(
      """
      name: lab
      defaults: {cpu: 2, memory: 1GiB, image: /srv/debian.tar.zst, site: brno}
      nodes: {a: {}, b: {cpu: 0.25, memory: 64MiB, image: host, site: pilsen, host: pilsen-2}, c: {image: /srv/root}}
      """)
    #expect(lab.nodes[0].cpu.description == "2" && lab.nodes[0].memory.description == "1GiB")
    #expect(lab.nodes[0].image == .archive("/srv/debian.tar.zst") && lab.nodes[0].site?.description == "brno")
    #expect(lab.nodes[1].cpu.description == "0.25" && lab.nodes[1].image == .host)
    #expect(lab.nodes[1].site?.description == "pilsen" && lab.nodes[1].host?.description == "pilsen-2")
    #expect(lab.nodes[2].image == .directory("/srv/root") && lab.nodes[2].memory == lab.nodes[0].memory)
  }

  @Test func withoutDefaultsAKindGetsWhatItUsuallyNeeds() throws {
    let lab = try read("name: lab\nnodes: {a: {}, gw: {kind: router}, b: }")
    #expect(lab.nodes.map(\.cpu.thousandths) == [1000, 500, 1000])
    #expect(lab.nodes.map(\.memory.description) == ["128MiB", "64MiB", "128MiB"])
    #expect(lab.nodes.allSatisfy { $0.image == .host && $0.site == nil })
  }

  @Test func wiresWithoutNamesAreNumbered() throws {
    let lab = try read("name: lab\nnodes: {a: {}, b: {}}\nwires: [{ends: [a, b]}, {ends: [a, b]}, {ends: [b, a]}]")
    #expect(lab.networks.map(\.name.description) == ["a-b", "a-b-2", "b-a"])
  }

  @Test func aWireWithoutNameLeavesWrittenNamesAlone() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {}, b: {}, c: {}}
      segments: {a-b-2: {members: [c]}}
      wires: [{ends: [a, b]}, {ends: [a, b]}, {ends: [b, c], name: a-b}]
      """)
    #expect(lab.networks.map(\.name.description) == ["a-b-2", "a-b-3", "a-b-4", "a-b"])
  }

  @Test func groupsStandForTheirMembers() throws {
    let lab = try read(
      """
      name: lab
      nodes:
        w[1-4]: {}
        x: {}
      groups: {odd: [w1, w3], all: [odd, w2]}
      segments: {lan: {members: [all, x]}, other: {members: ["odd:data0"]}}
      """)
    #expect(lab.networks[0].endpoints.map(\.node.description) == ["w1", "w3", "w2", "x"])
    #expect(lab.networks[1].endpoints.map(\.interface) == ["data0", "data0"])
  }

  @Test func writtenInterfacesAreKeptAndPassedOver() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {}, b: {}}
      segments:
        one: {members: [a, b]}
        two: {members: ["a:eth0", b]}
      wires:
        - {ends: [a, {node: b, interface: eth1}]}
      """)
    let names = lab.networks.map { $0.endpoints.map { "\($0.node):\($0.interface)" } }
    #expect(names == [["a:eth1", "b:eth0"], ["a:eth0", "b:eth2"], ["a:eth2", "b:eth1"]])
  }

  @Test func writtenAddressesAreKeptAndPassedOver() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {}, b: {}, c: {}}
      segments:
        lan:
          addresses: [10.1.0.0/29, "fd00::/64"]
          members: [a, {node: b, address: [10.1.0.1, "fd00::99"]}, {node: c, address: "fd00::1"}]
      """)
    #expect(
      lab.endpointLines == [
        "a:eth0 10.1.0.2/29 fd00::2/64", "b:eth0 10.1.0.1/29 fd00::99/64", "c:eth0 10.1.0.3/29 fd00::1/64",
      ])
  }

  @Test func aPointToPointPrefixGivesBothItsAddresses() throws {
    let lab = try read(
      "name: lab\nnodes: {a: {}, b: {}}\nwires: [{ends: [a, b], addresses: [10.1.0.0/31, \"fd00::/127\"]}]")
    #expect(lab.endpointLines == ["a:eth0 10.1.0.0/31 fd00::/127", "b:eth0 10.1.0.1/31 fd00::1/127"])
    let alone = try read("name: lab\nnodes: {a: {}}\nsegments: {lo: {members: [a], addresses: 10.1.0.7/32}}")
    #expect(alone.endpointLines == ["a:eth0 10.1.0.7/32"])
  }

  @Test func theFirstNetworkWithARouterGivesTheDefaultRoute() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {}, b: {routes: [{to: default, via: 10.1.0.9}]}, r: {kind: router}, s: {kind: router}}
      segments:
        four: {members: [a, b, r], addresses: 10.1.0.0/24}
        both: {members: [a, b, s], addresses: [10.2.0.0/24, "fd00::/64"]}
        two:  {members: [a, r, s], addresses: 10.3.0.0/24}
      """)
    #expect(lab.endpoint("a:eth0")?.gateways.map(\.description) == ["10.1.0.3"])
    #expect(lab.endpoint("a:eth1")?.gateways.map(\.description) == ["fd00::3"])
    #expect(
      lab.endpoint("b:eth0")?.gateways == [] && lab.endpoint("b:eth1")?.gateways.map(\.description) == ["fd00::3"])
    #expect(lab.endpoint("a:eth2")?.gateways == [] && lab.endpoint("r:eth0")?.gateways == [])
  }

  @Test func aGatewayCanBeChosenOrRefused() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {}, b: {}, r: {kind: router}, s: {kind: router}}
      segments:
        one: {members: [a, r, s], addresses: 10.1.0.0/24, gateway: s}
        two: {members: [b, r], addresses: 10.2.0.0/24, gateway: none}
      """)
    #expect(lab.endpoint("a:eth0")?.gateways.map(\.description) == ["10.1.0.3"])
    #expect(lab.endpoint("b:eth0")?.gateways == [])
  }

  @Test func routesRatesAndMTU() throws {
    let lab = try read(
      """
      name: lab
      nodes: {a: {routes: [{to: 10.9.0.0/16, via: 10.1.0.2}, {to: default, via: "fd00::2"}]}, r: {kind: router}}
      wires: [{ends: [a, r], name: cable, addresses: [10.1.0.0/30, "fd00::/64"], rate: {max: 1Gbit/s}, mtu: 9000, type: native}]
      """)
    #expect(lab.nodes[0].routes.map { "\($0.destination) \($0.gateway)" } == ["10.9.0.0/16 10.1.0.2", "::/0 fd00::2"])
    #expect(lab.networks[0].name.description == "cable" && lab.networks[0].mtu == 9000)
    #expect(lab.networks[0].rate.minimum == nil && lab.networks[0].rate.maximum?.description == "1Gbit/s")
    #expect(lab.endpoint("a:eth0")?.gateways.map(\.description) == ["10.1.0.2"])
  }

  @Test func variablesAreSubstitutedInKeysAndValues() throws {
    let text = "name: ${NAME}\nnodes: {\"w[1-${N:-2}]\": {site: \"${SITE:-brno}\"}}\nlease: {duration: '${H}h'}"
    let lab = try read(text, ["NAME": "lab", "SITE": "", "H": "3"])
    #expect(lab.nodes.count == 2 && lab.nodes[0].site?.description == "brno" && lab.lease.duration == .seconds(10800))
    #expect(try read(text, ["NAME": "lab", "N": "5", "H": "1"]).nodes.count == 5)
    let error = #expect(throws: Problem.self) { try read("name: \"$${X}\"\nnodes: {a: {}}") }
    #expect(error?.message.contains("'${X}'") == true)
  }

  @Test func anchorsAndQuotesAreYAML() throws {
    let lab = try read("name: 'lab'\nnodes:\n  a: &small {cpu: 0.5}\n  \"b\": *small\n")
    #expect(lab.nodes.map(\.cpu.thousandths) == [500, 500])
  }

  @Test func aSubstrateMayLeaveOutWhatHasADefault() throws {
    let grid = try readSubstrate(
      """
      name: grid
      sites: {brno: {vlans: [100-110, 300]}, prague: {vlans: 7}}
      hosts: {me: {site: brno, cpu: 2, memory: 2GiB, kind: real, mtu: 9000}, you: {site: prague}}
      links: [{ends: [prague, brno]}]
      """)
    #expect(grid.core == .trunk && grid.sites[0].vlans.description == "100-110, 300")
    #expect(grid.hosts[0].kind == .real && grid.hosts[0].mtu == 9000 && grid.hosts[0].uplink == nil)
    #expect(grid.hosts[1].kind == .emulated && grid.hosts[1].mtu == 1500 && grid.hosts[1].uplink == nil)
    #expect(grid.hosts[1].cpu.description == "4" && grid.hosts[1].memory.description == "4GiB")
    #expect(grid.links[0].rate == nil && grid.links[0].latency == .zero && grid.links[0].mtu == 1500)
  }
}
