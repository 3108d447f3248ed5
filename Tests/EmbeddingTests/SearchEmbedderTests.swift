import Embedding
import Infrastructure
import Quantities
import Synchronization
import Testing

/// Embeds and has the result added up again.
func embed(
  _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding? = nil
) throws -> Embedding {
  let embedding = try SearchEmbedder().embed(request, on: view, keeping: keeping)
  #expect(EmbeddingCheck.violations(of: embedding, for: request, on: view).isEmpty)
  return embedding
}

@Suite struct SearchEmbedderTests {
  let view = SubstrateView(triangle)

  @Test func neighboursShareASiteAndSpreadOverItsHosts() throws {
    let request = infrastructure(
      (1...4).map { node("w\($0)") }, [network("lan", ["w1", "w2", "w3", "w4"])])
    let embedding = try embed(request, on: view)
    #expect(embedding.placement.values.map(\.description).sorted() == ["brno-1", "brno-1", "brno-2", "brno-2"])
    #expect(embedding.trees[name("lan")]?.sites == [name("brno")])
    #expect(embedding.trees[name("lan")]?.links == [])
  }

  @Test func pinsAreObeyedAndTheFewestLinksAreTaken() throws {
    let request = infrastructure(
      [node("a", site: "brno"), node("b", host: "pilsen-2")], [network("w", ["a", "b"], .wire)])
    let embedding = try embed(request, on: view)
    #expect(embedding.placement[name("b")] == name("pilsen-2"))
    #expect(embedding.trees[name("w")]?.links == [2])
    #expect(embedding.trees[name("w")]?.sites == ["brno", "pilsen"].map(name))
    // 2 ms and 1 ms over Prague, 4 ms directly.
    let nearest = try SearchEmbedder(strategy: .nearest).embed(request, on: view, keeping: nil)
    #expect(nearest.trees[name("w")]?.links == [0, 1])
    #expect(nearest.trees[name("w")]?.sites == ["brno", "pilsen", "prague"].map(name))
  }

  /// Who is told that others wait answers with what it has; asked while it searches, not only before.
  @Test func aSearchHurriesAsSoonAsOthersWait() throws {
    let request = infrastructure(
      [node("a", site: "brno"), node("b"), node("c", site: "pilsen")],
      [network("w", ["a", "b"], .wire, minimum: mbit(10)), network("v", ["b", "c"], .wire, minimum: mbit(10))])
    func asked(hurriesAfter patience: Int) throws -> Int {
      let count = Mutex(0)
      let embedder = SearchEmbedder().hurrying {
        count.withLock {
          $0 += 1
          return $0 > patience
        }
      }
      let embedding = try embedder.embed(request, on: view, keeping: nil)
      #expect(EmbeddingCheck.violations(of: embedding, for: request, on: view).isEmpty)
      return count.withLock { $0 }
    }
    #expect(try asked(hurriesAfter: 0) <= 2)
    #expect(try asked(hurriesAfter: 5) <= 7)
    #expect(try asked(hurriesAfter: .max) > 20)
  }

  @Test func aFullLinkIsAvoided() throws {
    var view = view
    let first = infrastructure(
      [node("a", host: "brno-1"), node("b", host: "prague-1")], [network("w", ["a", "b"], .wire, minimum: mbit(950))])
    view.occupy(try embed(first, on: view), of: first)
    #expect(view.freeRate(ofLink: 0) == mbit(50))
    let second = infrastructure(
      [node("a", host: "brno-2"), node("b", host: "prague-2")], [network("w", ["a", "b"], .wire, minimum: mbit(100))])
    #expect(try embed(second, on: view).trees[name("w")]?.links == [1, 2])
  }

  @Test func aLatencyBoundChoosesAnotherTree() throws {
    // From the first end the chain is the smallest sum; only the star keeps the bound.
    let substrate = Substrate(
      name: name("s"), sites: ["a", "b", "c", "m"].map(site),
      hosts: ["a", "b", "c", "m"].map { host("h-\($0)", $0) },
      links: [
        link("a", "b", ms: 5), link("b", "c", ms: 5), link("a", "m", ms: 4), link("b", "m", ms: 4),
        link("c", "m", ms: 4),
      ])
    let nodes = [node("x", site: "a"), node("y", site: "b"), node("z", site: "c")]
    let loose = infrastructure(nodes, [network("lan", ["x", "y", "z"])])
    let tight = infrastructure(nodes, [network("lan", ["x", "y", "z"], latency: .milliseconds(8))])
    #expect(try embed(loose, on: SubstrateView(substrate)).trees[name("lan")]?.links == [0, 1])
    #expect(try embed(tight, on: SubstrateView(substrate)).trees[name("lan")]?.links == [2, 3, 4])
  }

  @Test func occupyThenVacateLeavesNothing() throws {
    var used = view
    let request = infrastructure(
      [node("a", site: "brno"), node("b", site: "pilsen")], [network("w", ["a", "b"], .wire, minimum: mbit(100))])
    let embedding = try embed(request, on: used)
    used.occupy(embedding, of: request)
    #expect(used != view)
    #expect(used.freeUplink(0) == mbit(900))
    used.vacate(embedding, of: request)
    #expect(used == view)
  }

  @Test func aLocalNetworkReservesNothing() throws {
    var used = view
    let request = infrastructure(
      [node("a", host: "brno-1"), node("b", host: "brno-1")], [network("w", ["a", "b"], .wire, minimum: mbit(5000))])
    used.occupy(try embed(request, on: used), of: request)
    #expect((0..<6).allSatisfy { used.freeUplink($0) == mbit(1000) })
  }

  @Test func keptNodesStayWhenOneIsAdded() throws {
    let nodes = (1...5).map { node("w\($0)") }
    let before = infrastructure(nodes, [network("lan", nodes.map(\.name.description))])
    let old = try embed(before, on: view)
    let after = infrastructure([node("big", cpu: 3)] + nodes, [network("lan", ["big"] + nodes.map(\.name.description))])
    let new = try embed(after, on: view, keeping: old)
    for (node, host) in old.placement { #expect(new.placement[node] == host) }
  }

  @Test func aKeptTreeGrowsAndShrinksInsteadOfMoving() throws {
    let detour = Embedding(
      placement: [name("a"): name("brno-1"), name("b"): name("prague-1")],
      trees: [
        name("lan"): NetworkTree(
          hosts: ["brno-1", "prague-1"].map(name), sites: ["brno", "pilsen", "prague"].map(name), links: [1, 2])
      ])
    let nodes = [node("a"), node("b"), node("c", site: "pilsen")]
    let grown = infrastructure(nodes, [network("lan", ["a", "b", "c"])])
    #expect(try embed(grown, on: view, keeping: detour).trees[name("lan")]?.links == [1, 2])
    let shrunk = infrastructure(nodes, [network("lan", ["b", "c"])])
    #expect(try embed(shrunk, on: view, keeping: detour).trees[name("lan")]?.links == [1])
  }

  @Test func balancedPlacementThatUplinksForbidIsPacked() throws {
    let substrate = Substrate(
      name: name("s"), sites: [site("a")],
      hosts: [host("h1", "a", cpu: 8, uplink: mbit(10)), host("h2", "a", cpu: 8, uplink: mbit(10))])
    let request = infrastructure(
      (1...6).map { node("n\($0)") },
      [network("w1", ["n1", "n2"], .wire, minimum: mbit(8)), network("w2", ["n3", "n4"], .wire, minimum: mbit(8))])
    _ = try embed(request, on: SubstrateView(substrate))
  }

  @Test func anEmptyRequestIsEmbedded() throws {
    #expect(try embed(infrastructure([]), on: view).placement.isEmpty)
  }
}

@Suite struct RuleTests {
  private func grid(hosts: Int = 2) -> SubstrateView {
    SubstrateView(
      Substrate(
        name: name("grid"), sites: ["a", "b", "c"].map(site),
        hosts: ["a", "b", "c"].flatMap { place in (1...hosts).map { host("\(place)-\($0)", place) } },
        links: [link("a", "b", mbit(100)), link("b", "c", mbit(100)), link("a", "c", mbit(100))]))
  }

  @Test func apartAndTogether() throws {
    var request = infrastructure((1...5).map { node("n\($0)") })
    request.rules = [
      PlacementRule(.apart, nodes: ["n1", "n2", "n3"].map(name)),
      PlacementRule(.together, nodes: ["n4", "n1"].map(name)),
      PlacementRule(.apart, .site, nodes: ["n2", "n5"].map(name)),
      PlacementRule(.together, .site, nodes: ["n3", "n5"].map(name)),
    ]
    let placement = try embed(request, on: grid()).placement
    #expect(Set(["n1", "n2", "n3"].map { placement[name($0)] }).count == 3)
    #expect(placement[name("n4")] == placement[name("n1")])
  }

  @Test func tooManyApartAreRefusedByCount() throws {
    var request = infrastructure((1...7).map { node("n\($0)") })
    request.rules = [PlacementRule(.apart, nodes: request.nodes.map(\.name))]
    let problem = #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(request, on: grid(), keeping: nil) }
    #expect(problem?.code == "too-few-hosts")
    request.rules.append(PlacementRule(.together, nodes: ["n1", "n2"].map(name)))
    let clash = #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(request, on: grid(), keeping: nil) }
    #expect(clash?.code == "rules-disagree" && clash?.kind == .invalid)
  }

  @Test func anExclusiveHostIsNobodyElses() throws {
    var view = grid(hosts: 1)
    var mine = infrastructure([node("x", site: "a"), node("y", site: "a")])
    mine.nodes[0].isExclusive = true
    view.occupy(try embed(mine, on: view), of: mine)
    let other = infrastructure([node("z")])
    #expect(try embed(other, on: view).placement[name("z")] != name("a-1"))
    let there = #expect(throws: Problem.self) {
      _ = try SearchEmbedder().embed(infrastructure([node("z", site: "a")]), on: view, keeping: nil)
    }
    #expect(there?.code == "no-exclusive-host")
    view.occupy(try embed(other, on: view), of: other)
    var all = infrastructure([node("p"), node("q")])
    all.nodes[0].isExclusive = true
    all.nodes[1].isExclusive = true
    all.rules = [PlacementRule(.apart, nodes: [name("p"), name("q")])]
    #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(all, on: view, keeping: nil) }
  }

  @Test func storageLocationAndSlots() throws {
    var substrate = grid().substrate
    for index in substrate.hosts.indices {
      substrate.hosts[index].storage = ByteCount(bytes: 1 << 30)
      substrate.hosts[index].slots = 1
      substrate.hosts[index].location = index == 3 ? "cellar" : nil
    }
    let view = SubstrateView(substrate)
    var request = infrastructure([node("x")])
    request.nodes[0].storage = ByteCount(bytes: 1 << 30)
    request.nodes[0].location = "cellar"
    #expect(try embed(request, on: view).placement[name("x")] == name("b-2"))
    request.nodes.append(request.nodes[0])
    request.nodes[1].name = name("y")
    #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(request, on: view, keeping: nil) }
    request.nodes[0].storage = ByteCount(bytes: 2 << 30)
    let large = #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(request, on: view, keeping: nil) }
    #expect(large?.code == "no-storage")
  }

  @Test func eachDirectionCountsByItself() throws {
    var view = grid()
    var first = infrastructure(
      [node("x", site: "a"), node("y", site: "b")], [network("w", ["x", "y"], .wire, minimum: mbit(90))])
    first.networks[0].reverseRate = RateRange(minimum: mbit(10))
    view.occupy(try embed(first, on: view), of: first)
    // The same way round there is no room; the other way there is.
    var second = infrastructure(
      [node("x", site: "b"), node("y", site: "a")], [network("w", ["x", "y"], .wire, minimum: mbit(90))])
    second.networks[0].reverseRate = RateRange(minimum: mbit(10))
    #expect(try embed(second, on: view).trees[name("w")]?.links == [0])
    #expect(try embed(first, on: view).trees[name("w")]?.links == [1, 2])
  }

  @Test func strategiesDoWhatTheyAreCalled() throws {
    var view = grid()
    let other = infrastructure([node("z", host: "c-2")])
    view.occupy(try embed(other, on: view), of: other)
    let request = infrastructure((1...3).map { node("n\($0)") })
    let packed = try SearchEmbedder(strategy: .consolidate).embed(request, on: view, keeping: nil)
    #expect(Set(packed.placement.values) == [name("c-2")])
    let spread = try SearchEmbedder(strategy: .balance).embed(request, on: view, keeping: nil)
    #expect(Set(spread.placement.values).count > 1)
    var priced = view.substrate
    for index in priced.hosts.indices { priced.hosts[index].price = index == 1 ? 1 : 5 }
    let cheap = try SearchEmbedder(strategy: .cheapest).embed(request, on: SubstrateView(priced), keeping: nil)
    #expect(Set(cheap.placement.values) == [name("a-2")])
  }

  @Test func aWireIsSplitOnlyWhereThatIsAllowed() throws {
    let view = grid()
    var request = infrastructure(
      [node("x", site: "a"), node("y", site: "b")], [network("w", ["x", "y"], .wire, minimum: mbit(150))])
    request.networks[0].reverseRate = RateRange(minimum: mbit(15))
    #expect(throws: Problem.self) { _ = try SearchEmbedder().embed(request, on: view, keeping: nil) }
    let embedding = try SearchEmbedder(splitsPaths: true).embed(request, on: view, keeping: nil)
    #expect(EmbeddingCheck.violations(of: embedding, for: request, on: view) == [])
    let paths = try #require(embedding.trees[name("w")]?.paths)
    #expect(paths.count == 2 && paths.reduce(0) { $0 + $1.rate.bitsPerSecond } == 150_000_000)
    request.networks[0].rate.minimum = mbit(201)
    #expect(throws: Problem.self) { _ = try SearchEmbedder(splitsPaths: true).embed(request, on: view, keeping: nil) }
  }

  @Test func theSeedDecidesAndNothingElse() throws {
    let view = grid()
    let request = infrastructure(
      (1...6).map { node("n\($0)") },
      (1...5).map { network("w\($0)", ["n\($0)", "n\($0 + 1)"], .wire, minimum: mbit(30)) })
    for seed in 0..<5 as Range<UInt64> {
      let first = try SearchEmbedder(seed: seed).embed(request, on: view, keeping: nil)
      #expect(try SearchEmbedder(seed: seed).embed(request, on: view, keeping: nil) == first)
    }
  }
}
