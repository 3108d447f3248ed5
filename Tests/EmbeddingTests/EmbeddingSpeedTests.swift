import Embedding
import Infrastructure
import Quantities
import Testing

@Suite struct EmbeddingSpeedTests {
  /// Work grows in line with nodes: what is asserted is the answer, the time is printed.
  @Test func fiveHundredNodesOnTenHosts() throws {
    let substrate = Substrate(
      name: name("s"), sites: ["a", "b", "c"].map { Site(name: name($0), vlans: vlans(1...4094)) },
      hosts: (0..<10).map { host("h\($0)", ["a", "b", "c"][$0 % 3], cpu: 64, memory: 1 << 20) },
      links: [link("a", "b"), link("b", "c")])
    let nodes = (0..<500).map { node("n\($0)") }
    let wires = (0..<499).map { network("w\($0)", ["n\($0)", "n\($0 + 1)"], .wire, minimum: mbit(1)) }
    let request = infrastructure(nodes, [network("lan", nodes.map(\.name.description))] + wires)
    let view = SubstrateView(substrate)
    let clock = ContinuousClock()
    var best = Duration.seconds(60)
    for _ in 0..<2 {
      best = min(best, try clock.measure { _ = try SearchEmbedder().embed(request, on: view, keeping: nil) })
    }
    print("embedding 500 nodes and 500 networks on 10 hosts: \(best)")
    _ = try embed(request, on: view)
  }

  /// A refusal spends its whole budget, and still comes back soon.
  @Test func aRefusalIsQuickToo() throws {
    let substrate = Substrate(
      name: name("s"), sites: ["a", "b", "c"].map(site),
      hosts: (0..<10).map { host("h\($0)", ["a", "b", "c"][$0 % 3], cpu: 48, memory: 1 << 20) },
      links: [link("a", "b"), link("b", "c")])
    let nodes = (0..<500).map { node("n\($0)") }
    let request = infrastructure(nodes, [network("lan", nodes.map(\.name.description))])
    let spent = ContinuousClock().measure {
      #expect(throws: Problem.self) {
        try SearchEmbedder().embed(request, on: SubstrateView(substrate), keeping: nil)
      }
    }
    print("refusing 500 nodes on 10 hosts: \(spent)")
  }

  /// Neither sum is exceeded, so that every strategy spends its retreats.
  @Test func aPackingThatDoesNotExistIsGivenUp() throws {
    let substrate = Substrate(
      name: name("s"), sites: ["a", "b", "c"].map(site),
      hosts: (0..<10).map { host("h\($0)", ["a", "b", "c"][$0 % 3], cpu: 50, memory: 1 << 20) },
      links: [link("a", "b"), link("b", "c")])
    let nodes = (0..<161).map { node("n\($0)", cpu: 3) }
    let request = infrastructure(nodes, [network("lan", nodes.map(\.name.description))])
    let spent = ContinuousClock().measure {
      #expect(throws: Problem.self) {
        try SearchEmbedder().embed(request, on: SubstrateView(substrate), keeping: nil)
      }
    }
    print("giving up 161 nodes of 500 cores on 10 hosts: \(spent)")
  }

  @Test func aRouteThatDoesNotExistIsGivenUp() throws {
    let substrate = Substrate(
      name: name("s"), sites: ["a", "b", "c"].map(site),
      hosts: (0..<10).map { host("h\($0)", ["a", "b", "c"][$0 % 3], cpu: 64, memory: 1 << 20) },
      links: [link("a", "b", mbit(10)), link("b", "c", mbit(10))])
    let nodes = (0..<500).map { node("n\($0)", site: $0 == 0 ? "a" : $0 == 1 ? "c" : nil) }
    let request = infrastructure(nodes, [network("lan", nodes.map(\.name.description), minimum: mbit(20))])
    let spent = ContinuousClock().measure {
      #expect(throws: Problem.self) {
        try SearchEmbedder().embed(request, on: SubstrateView(substrate), keeping: nil)
      }
    }
    print("giving up a route of 500 nodes: \(spent)")
  }
}
