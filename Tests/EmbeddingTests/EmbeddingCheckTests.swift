import Embedding
import Infrastructure
import Quantities
import Testing

/// Each case is a right embedding with one thing spoiled; what is found is that one thing.
@Suite struct EmbeddingCheckTests {
  let right = embedding(
    ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "prague"], [0])])
  let request = infrastructure(
    [node("a"), node("b")], [wire("w", "a", "b", 400, latency: .milliseconds(2))])

  private func spoiled(_ spoil: (inout Embedding) -> Void) -> String {
    var embedding = right
    spoil(&embedding)
    return check(embedding, request)
  }

  private func bent(_ bend: (inout NetworkTree) -> Void) -> String {
    var tree = EmbeddingTests.tree(["brno-1", "prague-1"], ["brno", "prague"], [0])
    bend(&tree)
    return spoiled { $0.trees = [name("w"): tree] }
  }

  private func asking(_ change: (inout VirtualInfrastructure) -> Void) -> String {
    var request = request
    change(&request)
    return check(right, request)
  }

  @Test func whatIsRightPasses() {
    #expect(check(right, request) == "")
    #expect(check(embedding([:]), infrastructure([])) == "")
  }

  @Test func everyNodeAndNetworkAndNoOther() {
    #expect(spoiled { $0.placement[name("x")] = name("brno-1") } == "the placement is not of exactly the nodes asked")
    #expect(spoiled { $0.placement[name("a")] = nil }.contains("node a is on no host of the substrate"))
    #expect(spoiled { $0.placement[name("a")] = name("nowhere") }.contains("node a is on no host of the substrate"))
    #expect(spoiled { $0.trees = [:] } == "the trees are not of exactly the networks asked")
    #expect(spoiled { $0.trees[name("x")] = tree([], [], []) } == "the trees are not of exactly the networks asked")
  }

  @Test func pins() {
    #expect(asking { $0.nodes[0].site = name("pilsen") } == "node a is not at its site")
    #expect(asking { $0.nodes[0].host = name("brno-2") } == "node a is not on its host")
    #expect(asking { $0.nodes[0].location = "room 7" } == "node a is not at its location")
    #expect(
      asking {
        $0.nodes[0].site = name("brno")
        $0.nodes[0].host = name("brno-1")
      } == "")
    var substrate = triangle
    substrate.hosts[0].location = "room 7"
    var request = request
    request.nodes[0].location = "room 7"
    #expect(check(right, request, on: SubstrateView(substrate)) == "")
  }

  @Test func aHostAtNoSite() {
    var substrate = triangle
    substrate.hosts[0].site = name("olomouc")
    let found = check(embedding(["a": "brno-1"]), infrastructure([node("a")]), on: SubstrateView(substrate))
    #expect(found == "node a is on host brno-1, which is at no site")
  }

  @Test(arguments: [
    (PlacementRule.Kind.together, PlacementRule.Place.host, "brno-1", "brno-1", true),
    (.together, .host, "brno-1", "brno-2", false), (.together, .site, "brno-1", "brno-2", true),
    (.together, .site, "brno-1", "prague-1", false), (.apart, .host, "brno-1", "brno-2", true),
    (.apart, .host, "brno-1", "brno-1", false), (.apart, .site, "brno-1", "prague-1", true),
    (.apart, .site, "brno-1", "brno-2", false),
  ])
  func rules(_ kind: PlacementRule.Kind, _ place: PlacementRule.Place, _ a: String, _ b: String, _ holds: Bool) {
    var request = infrastructure([node("a"), node("b")])
    request.rules = [PlacementRule(kind, place, nodes: [name("a"), name("b")])]
    let found = check(embedding(["a": a, "b": b]), request)
    #expect(found.isEmpty == holds && (holds || found.contains("nodes a, b are not \(kind.rawValue)")), "\(found)")
  }

  @Test func hostsOfATree() {
    #expect(
      bent { $0.hosts.reverse() } == "network w does not list its endpoints' hosts, sorted")
    #expect(bent { $0.hosts = [] } == "network w does not list its endpoints' hosts, sorted")
  }

  @Test func aLocalNetworkStaysAtHome() {
    let request = infrastructure([node("a"), node("b")], [wire("w", "a", "b", 4000)])
    let home = ["a": "brno-1", "b": "brno-1"]
    #expect(check(embedding(home, ["w": tree(["brno-1"], [], [])]), request) == "")
    let trees = [
      tree(["brno-1"], ["brno"], []), tree(["brno-1"], [], [0]), tree(["brno-1"], [], [], [path([], 4000)]),
    ]
    for tree in trees { #expect(check(embedding(home, ["w": tree]), request) == "network w leaves its only host") }
  }

  @Test func sortedAndOnce() {
    #expect(
      bent { $0.sites = ["prague", "brno"].map(name) } == "network w has sites twice or not sorted"
    )
    let chain = infrastructure([node("a"), node("b")], [wire("w", "a", "b", 1)])
    func found(_ links: [Int]) -> String {
      check(
        embedding(
          ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "pilsen", "prague"], links)]),
        chain)
    }
    #expect(found([1, 2]) == "")
    #expect(found([2, 1]) == "network w has links twice or not sorted")
  }

  @Test func sitesAreThoseCrossed() {
    #expect(bent { $0.sites = [name("brno")] }.contains("misses a site of its endpoints"))
    #expect(bent { $0.links = [1, 2] }.contains("crosses a link outside its sites"))
    let more = bent { $0.sites = ["brno", "pilsen", "prague"].map(name) }
    #expect(more.contains("network w lists a site that it does not cross"))
    var substrate = triangle
    substrate.links[0].ends.second = name("olomouc")
    let lost = embedding(
      ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "olomouc", "prague"], [0, 1])])
    #expect(check(lost, request, on: SubstrateView(substrate)).contains("network w crosses a site that is not there"))
  }

  @Test func linksThatAreNotThere() {
    #expect(bent { $0.links = [7] }.contains("network w crosses a link that is not there"))
    #expect(bent { $0.links = [-1] }.contains("network w crosses a link that is not there"))
  }

  @Test func aCycleIsNoTree() {
    let segment = infrastructure(
      [node("a"), node("b"), node("c")], [network("lan", ["a", "b", "c"], minimum: mbit(1))])
    let placed = ["a": "brno-1", "b": "prague-1", "c": "pilsen-1"]
    func found(_ links: [Int]) -> String {
      check(
        embedding(
          placed, ["lan": tree(["brno-1", "pilsen-1", "prague-1"], ["brno", "pilsen", "prague"], links)]), segment)
    }
    #expect(found([0, 1]) == "")
    #expect(found([0, 1, 2]) == "network lan is not on a tree")
    #expect(found([0]).contains("network lan does not join sites brno and pilsen"))
  }

  @Test func aBranchToNowhere() {
    let found = bent { $0 = tree(["brno-1", "prague-1"], ["brno", "pilsen", "prague"], [0, 1]) }
    #expect(found == "network w has a branch to site pilsen, where none of its endpoints is")
  }

  @Test func aTreeThatIsTooSlow() {
    let detour = bent {
      $0 = tree(["brno-1", "prague-1"], ["brno", "pilsen", "prague"], [1, 2])
    }
    #expect(detour.contains("network w is too slow: 5ms from brno to prague, above 2ms"))
    #expect(asking { $0.networks[0].maximumLatency = .microseconds(1999) }.contains("too slow"))
  }

  /// Not only the first endpoint is close enough to all others.
  @Test func latencyHoldsBetweenAnyTwo() {
    let segment = infrastructure(
      [node("a"), node("b"), node("c")], [network("lan", ["a", "b", "c"], latency: .milliseconds(4))])
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1", "c": "pilsen-1"],
      ["lan": tree(["brno-1", "pilsen-1", "prague-1"], ["brno", "pilsen", "prague"], [0, 2])])
    #expect(check(placed, segment).contains("network lan is too slow: 6ms from pilsen to prague, above 4ms"))
  }
}
