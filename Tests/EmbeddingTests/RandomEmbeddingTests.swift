import Embedding
import Infrastructure
import Quantities
import Testing

@Suite struct RandomEmbeddingTests {
  /// Whatever is embedded adds up; the same request gives the same answer; small packings that exist are found.
  @Test(arguments: 0..<200) func randomRequests(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let substrate = substrate(&random)
    var view = SubstrateView(substrate)
    for round in 0..<4 {
      let request = request(&random, substrate)
      let first = answer(request, view)
      #expect(first == answer(request, view), "seed \(seed) round \(round)")
      guard case .success(let embedding) = first else { continue }
      #expect(
        EmbeddingCheck.violations(of: embedding, for: request, on: view).isEmpty, "seed \(seed) round \(round)")
      view.occupy(embedding, of: request)
    }
  }

  @Test(arguments: 1000..<1060) func packingsThatExistAreFound(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let substrate = Substrate(
      name: name("s"), sites: [site("a")],
      hosts: (0..<3).map { host("h\($0)", "a", cpu: .random(in: 3...6, using: &random), memory: 1024) })
    let nodes = (0..<6).map {
      node("n\($0)", cpu: .random(in: 1...4, using: &random), memory: 128 * .random(in: 1...5, using: &random))
    }
    let view = SubstrateView(substrate)
    let answer = answer(infrastructure(nodes), view)
    #expect((try? answer.get()) != nil || !exists(nodes, substrate.hosts), "seed \(seed)")
  }

  private func answer(_ request: VirtualInfrastructure, _ view: SubstrateView) -> Result<Embedding, Problem> {
    Result { () throws(Problem) in try SearchEmbedder().embed(request, on: view, keeping: nil) }
  }

  /// Tries every assignment.
  private func exists(_ nodes: [Node], _ hosts: [Host]) -> Bool {
    guard let node = nodes.first else { return true }
    return hosts.indices.contains { index in
      guard hosts[index].cpu >= node.cpu, hosts[index].memory >= node.memory else { return false }
      var rest = hosts
      rest[index].cpu.thousandths -= node.cpu.thousandths
      rest[index].memory.bytes -= node.memory.bytes
      return exists(Array(nodes.dropFirst()), rest)
    }
  }

  private func substrate(_ random: inout SeededGenerator) -> Substrate {
    let sites = (0..<Int.random(in: 1...6, using: &random)).map { "s\($0)" }
    var links: [CoreLink] = []
    for (index, site) in sites.enumerated().dropFirst() {
      for other in sites[..<index] where Int.random(in: 0..<3, using: &random) > 0 {
        let rate = Bool.random(using: &random) ? mbit(.random(in: 10...1000, using: &random)) : nil
        links.append(link(site, other, rate, ms: .random(in: 0...9, using: &random)))
      }
    }
    let hosts = sites.flatMap { site in
      (0..<Int.random(in: 0...3, using: &random)).map {
        host(
          "\(site)-\($0)", site, cpu: .random(in: 1...8, using: &random),
          memory: .random(in: 256...4096, using: &random),
          uplink: Bool.random(using: &random) ? mbit(.random(in: 10...1000, using: &random)) : nil)
      }
    }
    return Substrate(name: name("random"), sites: sites.map(site), hosts: hosts, links: links)
  }

  private func request(_ random: inout SeededGenerator, _ substrate: Substrate) -> VirtualInfrastructure {
    let nodes = (0..<Int.random(in: 1...8, using: &random)).map {
      node(
        "n\($0)", cpu: .random(in: 1...2, using: &random), memory: .random(in: 64...512, using: &random),
        site: Int.random(in: 0..<3, using: &random) > 0
          ? substrate.sites.randomElement(using: &random)?.name.description : nil)
    }
    let networks = (0..<Int.random(in: 0...7, using: &random)).map { number in
      let members = nodes.filter { _ in Bool.random(using: &random) }.map(\.name.description)
      return network(
        "l\(number)", members, minimum: Bool.random(using: &random) ? mbit(.random(in: 1...200, using: &random)) : nil,
        latency: Bool.random(using: &random) ? .milliseconds(Int.random(in: 0...20, using: &random)) : nil)
    }
    return infrastructure(nodes, networks)
  }
}
