import Embedding
import Infrastructure
import Languages
import Quantities
import Testing

struct DiagramTests {
  private let lab = """
    name: lab
    nodes:
      web: {cpu: 1, memory: 128MiB}
      db: {cpu: 0.5, memory: 256MiB}
      gw: {kind: router, cpu: 1, memory: 64MiB}
    segments:
      lan: {members: [web, db, gw], rate: 100Mbit/s}
    wires:
      - {ends: [web, db], rate: 10Mbit/s, latency: {max: 5ms}}
    """
  private let grid = """
    name: grid
    sites: {brno: {vlans: 100-199}, prague: {vlans: 100-199}}
    hosts: {"brno-[1-2]": {site: brno, cpu: 4, memory: 4GiB}, prague-1: {site: prague, cpu: 2, memory: 2GiB, uplink: 1Gbit/s}}
    links: [{ends: [brno, prague], rate: 10Gbit/s, latency: 930us}]
    """

  private func name(_ text: String) throws -> Name { try #require(Name(text)) }

  @Test func aSubstrateShowsSitesHostsAndLinks() throws {
    let diagram = Diagram(try readSubstrate(grid))
    #expect(diagram.groups.map(\.label) == ["brno", "prague"] && diagram.layout == .layers)
    #expect(
      diagram.nodes.map(\.label)
        == ["switch", "brno-1\n4 cores, 4GiB", "brno-2\n4 cores, 4GiB", "switch", "prague-1\n2 cores, 2GiB"])
    #expect(diagram.nodes.map(\.group) == [0, 0, 0, 1, 1])
    #expect(diagram.edges.map { [$0.from, $0.to] } == [[0, 1], [0, 2], [3, 4], [0, 3]])
    #expect(diagram.edges.map(\.label) == ["", "", "1Gbit/s", "10Gbit/s\n0.93 ms"])
  }

  @Test func aLargeSubstrateShowsSitesOnly() throws {
    let substrate = try NodeLinkReader.read(
      text: topology("Geant2012.json"), file: "g.json", defaults: TopologyDefaults(hosts: 3))
    let diagram = Diagram(substrate)
    #expect(diagram.nodes.count == 37 && diagram.edges.count == 58 && diagram.groups.isEmpty)
    #expect(diagram.nodes[0].label == "nl\n3 hosts\n96 cores, 384GiB")
    #expect(Diagram(substrate, detail: .hosts).nodes.count == 37 * 4)
  }

  @Test func anInfrastructureShowsNodesSegmentsAndWires() throws {
    let diagram = Diagram(try read(lab))
    #expect(diagram.nodes.map(\.shape) == [.machine, .machine, .router, .segment])
    #expect(diagram.nodes[1].label == "db\n0.5 cores, 256MiB")
    #expect(diagram.edges.map { [$0.from, $0.to] } == [[3, 0], [3, 1], [3, 2], [0, 1]])
    #expect(diagram.edges[3].label.split(separator: "\n").first == "web-db")
    #expect(diagram.edges[3].label.contains("10Mbit/s") && diagram.edges[3].label.contains("≤ 5 ms"))
    #expect(diagram.edges[0].colours != diagram.edges[3].colours)
  }

  @Test func anEmbeddingColoursTheWaysOfItsNetworks() throws {
    let (request, substrate) = (try read(lab), try readSubstrate(grid))
    let embedding = Embedding(
      placement: [
        try name("web"): try name("brno-1"), try name("db"): try name("prague-1"), try name("gw"): try name("brno-1"),
      ],
      trees: [
        try name("lan"): NetworkTree(
          hosts: [try name("brno-1"), try name("prague-1")], sites: [try name("brno"), try name("prague")], links: [0]),
        try name("web-db"): NetworkTree(
          hosts: [try name("brno-1"), try name("prague-1")], sites: [try name("brno"), try name("prague")], links: [0]),
      ])
    let diagram = Diagram(embedding, of: request, on: substrate)
    // Hosts without a node are left out.
    #expect(diagram.groups.map(\.label) == ["brno", "prague", "brno-1\n4 cores, 4GiB", "prague-1\n2 cores, 2GiB"])
    #expect(diagram.groups.map(\.parent) == [nil, nil, 0, 1])
    #expect(diagram.nodes.map(\.group) == [0, 1, 2, 3, 2])
    #expect(diagram.legend.count == 2 && diagram.legend[0].colour != diagram.legend[1].colour)
    let both = diagram.legend.map(\.colour)
    #expect(diagram.edges.map { [$0.from, $0.to] } == [[0, 1], [0, 2], [1, 3], [0, 4]])
    #expect(diagram.edges.map(\.colours) == [both, both, both, [both[0]]])
  }

  @Test func aNetworkInsideOneHostIsDrawnThere() throws {
    let (request, substrate) = (try read(lab), try readSubstrate(grid))
    let host = try name("brno-2")
    let local = NetworkTree(hosts: [host], sites: [], links: [])
    let embedding = Embedding(
      placement: Dictionary(uniqueKeysWithValues: request.nodes.map { ($0.name, host) }),
      trees: Dictionary(uniqueKeysWithValues: request.networks.map { ($0.name, local) }))
    let diagram = Diagram(embedding, of: request, on: substrate)
    #expect(diagram.nodes.count { $0.shape == .junction && $0.group == 2 } == 1)
    // The core link, the star of the segment, the wire.
    #expect(diagram.edges.map { [$0.from, $0.to] } == [[0, 1], [5, 2], [5, 3], [5, 4], [2, 3]])
    // What the substrate lacks is left out, not a trap.
    let lost = Embedding(placement: embedding.placement.mapValues { _ in request.name }, trees: embedding.trees)
    #expect(Diagram(lost, of: request, on: substrate).nodes.count == 2)
  }
}
