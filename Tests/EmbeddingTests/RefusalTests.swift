import Embedding
import Infrastructure
import Quantities
import Testing

@Suite struct RefusalTests {
  let view = SubstrateView(triangle)

  private func refusal(_ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding? = nil) -> Problem?
  {
    do throws(Problem) {
      _ = try SearchEmbedder().embed(request, on: view, keeping: keeping)
      Issue.record("this should have been refused")
      return nil
    } catch { return error }
  }

  @Test func tooManyCoresNameTheRoomiestHost() throws {
    let problem = try #require(refusal(infrastructure([node("x", cpu: 64)]), on: view))
    #expect(problem.kind == .refused && problem.code == "no-cpu")
    let sixtyFour = Cores(thousandths: 64000)
    let four = Cores(thousandths: 4000)
    #expect(
      problem.message == "node x needs \(sixtyFour) cores but the most any host has free is \(four) (host brno-1)")
  }

  @Test func coresThatRunOutTellHowManyNodesAreThere() throws {
    let problem = try #require(refusal(infrastructure((1...9).map { node("n\($0)", site: "brno") }), on: view))
    #expect(problem.code == "no-cpu")
    #expect(problem.message.contains("any host of site brno has free once 8 other nodes are placed"))
  }

  @Test func memoryIsNamed() throws {
    let problem = try #require(refusal(infrastructure([node("x", memory: 5000, site: "pilsen")]), on: view))
    #expect(problem.code == "no-memory" && problem.message.contains("site pilsen"))
  }

  @Test func anUnknownSiteOrHostGetsTheNearestName() throws {
    let site = try #require(refusal(infrastructure([node("x", site: "brmo")]), on: view))
    #expect(site.kind == .notFound && site.remedy.contains("brno"))
    let host = try #require(refusal(infrastructure([node("x", host: "prague-11")]), on: view))
    #expect(host.code == "unknown-host" && host.remedy.contains("prague-1"))
  }

  @Test func aSiteWithoutHostsAndPinsThatDisagree() throws {
    let bare = Substrate(name: name("s"), sites: [site("a"), site("b")], hosts: [host("h", "a")])
    let problem = try #require(refusal(infrastructure([node("x", site: "b")]), on: SubstrateView(bare)))
    #expect(problem.message == "site b has no host for node x")
    let pins = try #require(refusal(infrastructure([node("x", site: "brno", host: "pilsen-1")]), on: view))
    #expect(pins.kind == .invalid && pins.code == "pins-disagree")
  }

  @Test func aFullCoreLinkIsNamedWithItsNumbers() throws {
    let substrate = Substrate(
      name: name("s"), sites: [site("brno"), site("prague")], hosts: [host("b", "brno"), host("p", "prague")],
      links: [link("brno", "prague", mbit(1000))])
    var view = SubstrateView(substrate)
    let nodes = [node("x", site: "brno"), node("y", site: "prague")]
    let first = infrastructure(nodes, [network("lan", ["x", "y"], minimum: mbit(950))])
    view.occupy(try embed(first, on: view), of: first)
    let second = infrastructure(nodes, [network("lan", ["x", "y"], minimum: mbit(100))])
    let problem = try #require(refusal(second, on: view))
    #expect(
      problem.message
        == "core link brno - prague has \(mbit(50)) free of \(mbit(1000)) but segment lan needs \(mbit(100))")
  }

  @Test func oneInfrastructuresNetworksShareALink() throws {
    let substrate = Substrate(
      name: name("s"), sites: [site("brno"), site("prague")], hosts: [host("b", "brno"), host("p", "prague")],
      links: [link("brno", "prague", mbit(1000))])
    let request = infrastructure(
      [node("x", site: "brno"), node("y", site: "prague")],
      [network("small", ["x", "y"], minimum: mbit(400)), network("large", ["x", "y"], minimum: mbit(700))])
    let problem = try #require(refusal(request, on: SubstrateView(substrate)))
    #expect(
      problem.message
        == "core link brno - prague has \(mbit(300)) free of \(mbit(1000)) after the infrastructure's other networks "
        + "but segment small needs \(mbit(400))")
  }

  @Test func oneUplinkForAllNetworksOfANode() throws {
    let request = infrastructure(
      [node("x", host: "brno-1"), node("y", host: "brno-2"), node("z", host: "prague-1")],
      [network("one", ["x", "y"], minimum: mbit(600)), network("two", ["x", "z"], minimum: mbit(600))])
    let problem = try #require(refusal(request, on: view))
    #expect(problem.code == "uplink-full" && problem.message.contains("uplink of host brno-1 has \(mbit(400)) free"))
  }

  @Test func aFullUplinkIsNamed() throws {
    let request = infrastructure(
      [node("x", host: "brno-1"), node("y", host: "brno-2")], [network("lan", ["x", "y"], minimum: mbit(2000))])
    let problem = try #require(refusal(request, on: view))
    #expect(problem.code == "uplink-full")
    #expect(
      problem.message.contains(" has \(mbit(1000)) free of \(mbit(1000)) but segment lan needs \(mbit(2000))"))
  }

  @Test func latencyThatNoPathHasIsNamed() throws {
    let request = infrastructure(
      [node("x", site: "brno"), node("y", site: "pilsen")],
      [network("w", ["x", "y"], .wire, latency: .milliseconds(2))])
    let problem = try #require(refusal(request, on: view))
    #expect(problem.code == "too-far")
    #expect(problem.message.contains("wire w may have 2 ms of latency at most but its best tree has 3 ms between"))
  }

  @Test func sitesThatNothingJoins() throws {
    let apart = Substrate(
      name: name("s"), sites: [site("a"), site("b")], hosts: [host("h", "a"), host("g", "b")])
    let request = infrastructure([node("x", site: "a"), node("y", site: "b")], [network("w", ["x", "y"], .wire)])
    let problem = try #require(refusal(request, on: SubstrateView(apart)))
    #expect(problem.message == "wire w needs sites a and b, which no core links join")
  }

  @Test func keptNodesAreNotMoved() throws {
    let old = Embedding(placement: [name("x"): name("brno-1")], trees: [:])
    let moved = try #require(refusal(infrastructure([node("x", site: "prague")]), on: view, keeping: old))
    #expect(moved.code == "would-move")
    let gone = Embedding(placement: [name("x"): name("olomouc-1")], trees: [:])
    #expect(refusal(infrastructure([node("x")]), on: view, keeping: gone)?.code == "kept-host-gone")
  }

  @Test func noHostsAtAll() throws {
    let empty = SubstrateView(Substrate(name: name("s"), sites: [], hosts: []))
    #expect(refusal(infrastructure([node("x")]), on: empty)?.code == "no-host")
  }

  /// Sums of thousands of the highest rates over a long way are beyond 63 bits.
  @Test func thousandsOfTheHighestRatesAreRefused() throws {
    let names = (0..<30).map { "s\($0)" }
    let chain = Substrate(
      name: name("chain"), sites: names.map { Site(name: name($0), vlans: vlans(2...4000)) },
      hosts: names.map { host("h-\($0)", $0) },
      links: zip(names, names.dropFirst()).map { link($0, $1, mbit(100_000_000)) })
    let wires = (0..<3000).map { network("w\($0)", ["a", "b"], .wire, minimum: mbit(100_000_000)) }
    let request = infrastructure([node("a", site: "s0"), node("b", site: "s29")], wires)
    let refusal = #expect(throws: Refusal.self) {
      try SearchEmbedder().place(request, on: SubstrateView(chain), keeping: nil)
    }
    #expect(refusal?.problem.code == "core-link-full")
  }
}
