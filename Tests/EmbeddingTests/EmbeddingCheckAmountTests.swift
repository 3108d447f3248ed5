import Embedding
import Infrastructure
import Quantities
import Testing

/// Every resource is added up, in both directions.
@Suite struct EmbeddingCheckAmountTests {
  /// Two wires over the core link brno - prague, from hosts of their own, so that only the link is shared.
  private func crossing(_ wires: [Network]) -> String {
    let placed = ["a": "brno-1", "b": "prague-1", "c": "brno-2", "d": "prague-2"]
    let trees = Dictionary(
      uniqueKeysWithValues: wires.map { wire in
        let hosts = wire.endpoints.compactMap { placed[$0.node.description] }.sorted()
        return (wire.name.description, tree(hosts, ["brno", "prague"], [0]))
      })
    return check(embedding(placed, trees), infrastructure(placed.keys.sorted().map { node($0) }, wires))
  }

  @Test func hosts() {
    let placed = embedding(["a": "brno-1", "b": "brno-1"])
    var substrate = triangle
    substrate.hosts[0].storage = mebibytes(10)
    substrate.hosts[0].slots = 2
    let view = SubstrateView(substrate)
    var request = infrastructure([node("a", cpu: 2), node("b", cpu: 2)])
    request.nodes[0].storage = mebibytes(5)
    request.nodes[1].storage = mebibytes(5)
    #expect(check(placed, request, on: view) == "")
    func found(_ change: (inout Node) -> Void) -> String {
      var other = request
      change(&other.nodes[1])
      return check(placed, other, on: view)
    }
    #expect(
      found { $0.cpu = Cores(thousandths: 2001) }
        == "processor of host brno-1: 4.001 cores taken of 4 cores, 0.001 cores too much")
    #expect(found { $0.memory = mebibytes(4000) }.hasPrefix("memory of host brno-1: "))
    #expect(found { $0.storage = mebibytes(6) }.hasPrefix("storage of host brno-1: "))
    let third = infrastructure(request.nodes + [node("c", cpu: 0)])
    #expect(
      check(embedding(["a": "brno-1", "b": "brno-1", "c": "brno-1"]), third, on: view)
        == "slots of host brno-1: 3 taken of 2, 1 too much")
  }

  @Test(arguments: [
    (Resource.cpu(host: 0), UInt64(3001)), (.memory(host: 0), (3968 << 20) + 1),
    (.uplink(host: 0, .forward), 900_000_001),
    (.uplink(host: 0, .reverse), 800_000_001), (.uplink(host: 2, .forward), 800_000_001),
    (.uplink(host: 2, .reverse), 900_000_001), (.link(0, .forward), 900_000_001), (.link(0, .reverse), 800_000_001),
    (.vlans(site: 0), 100), (.vlans(site: 1), 100), (.tenancy(host: 0), Resource.wholeHost),
  ])
  func whatOthersHoldCounts(resource: Resource, held: UInt64) {
    let request = infrastructure([node("a"), node("b")], [wire("w", "a", "b", 100, back: 200)])
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "prague"], [0])])
    let view = SubstrateView(triangle)
    #expect(check(placed, request, on: view.taking(held - 1, of: resource)) == "")
    let found = check(placed, request, on: view.taking(held, of: resource))
    #expect(!found.isEmpty && !found.contains("\n"), "\(found)")
    #expect(found.hasPrefix(triangle.name(of: resource)) || found.contains("exclusive"))
  }

  @Test func storageAndSlotsOfOthersCount() {
    var substrate = triangle
    substrate.hosts[0].storage = mebibytes(10)
    substrate.hosts[0].slots = 2
    var request = infrastructure([node("a")])
    request.nodes[0].storage = mebibytes(5)
    let view = SubstrateView(substrate).taking(2, of: .slots(host: 0)).taking(6 << 20, of: .storage(host: 0))
    let found = check(embedding(["a": "brno-1"]), request, on: view)
    #expect(found.contains("slots of host brno-1") && found.contains("storage of host brno-1"))
  }

  @Test func twoVirtualLinksOnOnePhysicalLink() {
    #expect(crossing([wire("u", "a", "b", 500), wire("v", "c", "d", 500)]) == "")
    #expect(
      crossing([wire("u", "a", "b", 600), wire("v", "c", "d", 500)])
        == "core link brno -> prague: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much\n"
        + "core link prague -> brno: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much")
  }

  @Test func oneDirectionAlone() {
    #expect(
      crossing([wire("u", "a", "b", 10, back: 600), wire("v", "c", "d", 10, back: 500)])
        == "core link prague -> brno: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much")
    #expect(
      crossing([wire("u", "a", "b", 600, back: 10), wire("v", "c", "d", 500, back: 10)])
        == "core link brno -> prague: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much")
    // Written from the other end, the same wire loads the other direction.
    #expect(crossing([wire("u", "a", "b", 600, back: 10), wire("v", "d", "c", 500, back: 10)]) == "")
  }

  @Test func uplinksAreSummedADirection() {
    let placed = ["a": "brno-1", "b": "brno-2", "c": "brno-2"]
    func found(_ wires: [Network]) -> String {
      let trees = wires.map { ($0.name.description, tree(["brno-1", "brno-2"], ["brno"], [])) }
      return check(
        embedding(placed, Dictionary(uniqueKeysWithValues: trees)),
        infrastructure([node("a"), node("b"), node("c")], wires))
    }
    #expect(found([wire("u", "a", "b", 600, back: 1), wire("v", "c", "a", 600, back: 1)]) == "")
    #expect(
      found([wire("u", "a", "b", 600, back: 1), wire("v", "a", "c", 600, back: 1)])
        == "uplink of host brno-1, sending: 1200Mbit/s taken of 1Gbit/s, 200Mbit/s too much\n"
        + "uplink of host brno-2, receiving: 1200Mbit/s taken of 1Gbit/s, 200Mbit/s too much")
  }

  @Test func aSegmentKeepsItsMinimumBothWaysOnEveryLink() {
    let request = infrastructure(
      [node("a"), node("b"), node("c")], [network("lan", ["a", "b", "c"], minimum: mbit(400))])
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1", "c": "pilsen-1"],
      ["lan": tree(["brno-1", "pilsen-1", "prague-1"], ["brno", "pilsen", "prague"], [0, 1])])
    let cables: [Resource] = Resource.Direction.allCases.flatMap { direction in
      [.link(0, direction), .link(1, direction)] + [0, 2, 4].map { .uplink(host: $0, direction) }
    }
    for cable in cables {
      let view = SubstrateView(triangle)
      #expect(check(placed, request, on: view.taking(600_000_000, of: cable)) == "")
      #expect(check(placed, request, on: view.taking(600_000_001, of: cable)).hasPrefix(triangle.name(of: cable)))
    }
    let view = SubstrateView(triangle).taking(1_000_000_000, of: .link(2, .forward))
    #expect(check(placed, request, on: view) == "")
  }

  @Test func bestEffortIsNeverPromised() {
    var substrate = triangle
    substrate.bestEffort = 10
    substrate.links[0].rate = Bitrate(bitsPerSecond: 999_999_999)
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "prague"], [0])])
    func found(_ rate: UInt64) -> String {
      var wire = wire("w", "a", "b", 0)
      wire.rate.minimum = Bitrate(bitsPerSecond: rate)
      return check(placed, infrastructure([node("a"), node("b")], [wire]), on: SubstrateView(substrate))
    }
    #expect(found(899_999_999) == "")
    #expect(found(900_000_000).contains("core link brno -> prague"))
    #expect(found(900_000_001).contains("uplink of host brno-1, sending"))
  }

  @Test func unlimitedCablesCarryAnything() {
    var substrate = triangle
    for index in substrate.hosts.indices { substrate.hosts[index].uplink = nil }
    substrate.links[0].rate = nil
    let request = infrastructure([node("a"), node("b")], [wire("w", "a", "b", 9_000_000)])
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "prague"], [0])])
    #expect(check(placed, request, on: SubstrateView(substrate)) == "")
  }

  @Test func vlansOfSitesBetweenCount() {
    var substrate = triangle
    substrate.sites[2].vlans = vlans(100...100)
    let request = infrastructure([node("a"), node("b")], [wire("u", "a", "b", 1), wire("v", "a", "b", 1)])
    let detour = tree(["brno-1", "prague-1"], ["brno", "pilsen", "prague"], [1, 2])
    let straight = tree(["brno-1", "prague-1"], ["brno", "prague"], [0])
    let placed = ["a": "brno-1", "b": "prague-1"]
    #expect(check(embedding(placed, ["u": detour, "v": straight]), request, on: SubstrateView(substrate)) == "")
    #expect(
      check(embedding(placed, ["u": detour, "v": detour]), request, on: SubstrateView(substrate))
        == "VLANs of site pilsen: 2 taken of 1, 1 too much")
  }

  @Test func anExclusiveNodeIsAmongItsOwn() {
    var request = infrastructure([node("a"), node("b")])
    request.nodes[1].isExclusive = true
    let placed = embedding(["a": "brno-1", "b": "brno-1"])
    let view = SubstrateView(triangle)
    #expect(check(placed, request, on: view) == "")
    #expect(
      check(placed, request, on: view.taking(1, of: .tenancy(host: 0)))
        == "host brno-1 carries an exclusive node and nodes of other infrastructures")
  }
}
