import Embedding
import Infrastructure
import Optimum
import Quantities
import Testing

/// Requests of five nodes on a substrate of twenty.
@Suite(.serialized) struct ExactSpeedTests {
  private func substrate(_ random: inout SeededGenerator) -> Substrate {
    let names = (0..<20).map { "s\($0)" }
    var links: [CoreLink] = []
    for index in 0..<20 {
      links.append(link(names[index], names[(index + 1) % 20], .random(in: 50...100, using: &random)))
    }
    for index in 0..<20 {
      let other = (index + Int.random(in: 2...18, using: &random)) % 20
      links.append(link(names[index], names[other], .random(in: 50...100, using: &random)))
    }
    let hosts = names.map { host("h-\($0)", $0, cpu: .random(in: 50...100, using: &random)) }
    return Substrate(name: name("s"), sites: names.map { site($0) }, hosts: hosts, links: links)
  }

  private func request(_ random: inout SeededGenerator, nodes count: Int) -> VirtualInfrastructure {
    let nodes = (0..<count).map { node("n\($0)", cpu: .random(in: 1...40, using: &random)) }
    var wires: [Network] = []
    for one in 0..<count {
      for other in 0..<one where other == one - 1 || Int.random(in: 0..<3, using: &random) == 0 {
        wires.append(wire("w\(one)-\(other)", "n\(one)", "n\(other)", .random(in: 1...50, using: &random)))
      }
    }
    return infrastructure(nodes, wires, [PlacementRule(.apart, .host, nodes: nodes.map(\.name))])
  }

  /// Until the substrate is full, each on what the ones before left over.
  @Test func twentySites() throws {
    var random = SeededGenerator(state: 1)
    var view = SubstrateView(substrate(&random))
    var gaps: [Double] = []
    for round in 0..<12 {
      let request = request(&random, nodes: 4 + round % 2)
      let search = try? SearchEmbedder().embed(request, on: view, keeping: nil)
      let clock = ContinuousClock()
      let start = clock.now
      guard let solution = try? ExactEmbedder(timeLimit: .seconds(20)).solve(request, on: view) else {
        print(
          "exact search, request \(round): refused after \(start.duration(to: clock.now)), search too: \(search == nil)"
        )
        continue
      }
      let spent = start.duration(to: clock.now)
      #expect(EmbeddingCheck.violations(of: solution.embedding, for: request, on: view) == [])
      let cost = search.map { ExactSolution.cost(of: $0, for: request) }
      if let cost { gaps.append(cost / solution.cost - 1) }
      print(
        "exact search, request \(round) of \(request.networks.count) wires: \(spent), cost \(solution.cost / 1e6), "
          + "bound \(solution.bound / 1e6), search \((cost ?? .nan) / 1e6)")
      view.occupy(solution.embedding, of: request)
    }
    #expect(gaps.count >= 4)
    print("mean gap of the search: \(gaps.reduce(0, +) / Double(max(1, gaps.count)))")
  }

  /// A limit of time is kept, also where nothing is found.
  @Test func aLimitIsKept() throws {
    var random = SeededGenerator(state: 2)
    let view = SubstrateView(substrate(&random))
    let request = request(&random, nodes: 7)
    let spent = ContinuousClock().measure {
      _ = try? ExactEmbedder(timeLimit: .milliseconds(200)).solve(request, on: view)
    }
    #expect(spent < .seconds(60))
  }
}
