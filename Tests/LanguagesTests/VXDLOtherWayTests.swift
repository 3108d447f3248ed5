import Infrastructure
import Languages
import Quantities
import Testing

/// From VirtCloud's own files to VXDL, and VXDL as a substrate.
struct VXDLOtherWayTests {
  private func lab(_ networks: String) throws(Problem) -> VirtualInfrastructure {
    try read(
      """
      name: lab
      lease: {duration: 90m}
      nodes:
        a: {cpu: 0.5, memory: 100MiB, site: brno}
        b: {image: /srv/debian}
        gw: {kind: router}
      \(networks)
      """)
  }

  @Test func wiresAndSmallSegments() throws {
    let lab = try lab(
      """
      segments:
        pair: {members: [a, b], rate: 1Mbit/s}
        lone: {members: [a]}
      wires:
      - {ends: [b, gw], rate: {min: 1500bit/s, max: 3Gbit/s}, latency: {max: 1500us}, addresses: 10.1.0.0/24}
      """)
    let (document, remarks) = try VXDLDocument.describing(lab)
    #expect(document.resources.count == 5 && document.common.totalTime?.description == "PT1H30M")
    #expect(remarks.count == 4, "\(remarks)")
    let back = try readVXDL(VXDLWriter.text(document)).infrastructure().infrastructure
    #expect(back.lease == lab.lease && back.name == lab.name && back.nodes.map(\.name) == lab.nodes.map(\.name))
    #expect(back.nodes.map(\.cpu) == lab.nodes.map(\.cpu) && back.nodes.map(\.memory) == lab.nodes.map(\.memory))
    #expect(back.nodes[1].image == .directory("/srv/debian") && back.nodes[2].kind == .router)
    #expect(back.networks.map(\.rate) == [lab.networks[0].rate, lab.networks[2].rate])
    #expect(back.networks[1].maximumLatency == .microseconds(1500))
  }

  @Test func multipointIsRefused() throws {
    let lab = try lab("segments:\n  lan: {members: [a, b, gw]}")
    let problem = #expect(throws: Problem.self) { try VXDLDocument(lab) }
    #expect(problem?.code == "no-multipoint" && problem?.message.contains("'lan'") == true)
  }

  /// Labels that were changed by hand are answered, not trusted.
  @Test func damagedLabels() throws {
    for (key, value, code) in [
      ("vxdl/access-point/1", "<vAccessPoint>", "bad-xml"), ("vxdl/access-point/1", "<vLink/>", "unknown-element"),
      ("vxdl/link/1", "<!DOCTYPE x><vLink/>", "xml-entity"),
      ("vxdl/link/1", "<vLink><id>q</id><source>a</source><destination>z</destination></vLink>", "no-such-node"),
    ] {
      var lab = try lab("")
      lab.labels[key] = value
      let problem = #expect(throws: Problem.self) { try VXDLDocument(lab) }
      #expect(problem?.code == code, "\(key) \(value)")
    }
    var lab = try lab("")
    lab.nodes[0].labels = ["vxdl/id": "b", "cost": "3"]
    #expect(throws: Problem.self) { try VXDLDocument(lab) }
    lab.nodes[0].labels["vxdl/id"] = nil
    let back = try VXDLDocument(lab).infrastructure().infrastructure
    #expect(back.nodes[0].labels["vxdl/tag/1/key"] == "cost" && back.nodes[0].labels["vxdl/tag/1/value"] == "3")
  }

  @Test func publishedFormOfTheSecondDialect() throws {
    let document = try vxdlFile("second-dialect").published()
    let reread = try readVXDL(VXDLWriter.text(document))
    #expect(reread == document && reread.dialect == .published)
    guard case .node(let node) = reread.resources[0] else { return #expect(Bool(false), "the first is no node") }
    #expect(node.traits.tags.map(\.key) == ["interface/1/alias", "interface/1/type"])
  }

  @Test func physicalDescription() throws {
    let (grid, remarks) = try vxdlFile("physical-0").substrate()
    #expect(grid.sites.count == 12 && grid.hosts.count == 12 && grid.links.count == 66)
    #expect(grid.hosts[0].name.description == "0-1" && grid.hosts[0].site.description == "0")
    #expect(grid.hosts[0].cpu.thousandths == 6000 && grid.hosts[0].memory.bytes == 64_000_000_000)
    #expect(grid.hosts[0].storage?.bytes == 300_000_000_000 && grid.hosts[0].location == "3")
    #expect(grid.hosts.allSatisfy { $0.kind == .emulated } && grid.sites.allSatisfy { $0.vlans.members.count == 3901 })
    #expect(Set(grid.links.map(\.ends)).count == 66 && grid.links.allSatisfy { $0.rate != nil })
    #expect(remarks.count == 3)
  }

  @Test func substrateOfOtherThings() throws {
    let (grid, remarks) = try readVXDL(
      description(
        """
        <vNode><id>A</id></vNode><vNode><id>a-1</id></vNode><vRouter><id>core</id></vRouter>
        <vStorage><id>s</id></vStorage>
        <vLink><id>l</id><source>A</source><destination>core</destination><bandwidth>
          <forward><simple>2</simple><unit>Gbps</unit></forward><reverse><simple>1</simple><unit>Gbps</unit></reverse>
          </bandwidth></vLink>
        <vLink><id>slow</id><source>core</source><destination>A</destination><bandwidth>
          <forward><simple>2</simple><unit>Mbps</unit></forward></bandwidth></vLink>
        <vLink><id>m</id><source>a-1</source><destination>s</destination></vLink>
        """)
    ).substrate()
    #expect(grid.sites.map(\.name.description) == ["a", "a-1", "core"])
    #expect(grid.hosts.map { "\($0.name) \($0.site)" } == ["a-1-2 a", "a-1-1 a-1"])
    #expect(grid.links.map(\.rate) == [Bitrate(bitsPerSecond: 1_000_000_000)])
    #expect(remarks.count == 9, "\(remarks)")
    #expect(throws: Problem.self) { try readVXDL(description("<vRouter><id>r</id></vRouter>")).substrate() }
  }
}
