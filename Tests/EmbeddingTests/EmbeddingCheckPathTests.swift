import Embedding
import Infrastructure
import Quantities
import Testing

/// A wire from Brno to Prague, split over the straight link and the way over Pilsen.
@Suite struct EmbeddingCheckPathTests {
  let request = infrastructure(
    [node("a"), node("b")], [wire("w", "a", "b", 900, back: 500, latency: .milliseconds(5))])

  private func found(
    _ paths: [SplitPath], sites: [String] = ["brno", "pilsen", "prague"], links: [Int] = [0, 1, 2],
    request: VirtualInfrastructure? = nil, on view: SubstrateView = SubstrateView(triangle)
  ) -> String {
    check(
      embedding(["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], sites, links, paths)]),
      request ?? self.request, on: view)
  }

  @Test func twoPathsTogether() {
    #expect(found([path([0], 500, back: 100), path([2, 1], 400, back: 400)]) == "")
  }

  @Test func sharesSumToTheMinimumEachDirection() {
    #expect(
      found([path([0], 500, back: 100), path([2, 1], 300, back: 400)])
        == "the paths of wire w, sending, sum to 800000000 bit/s where 900000000 bit/s are promised")
    #expect(
      found([path([0], 500, back: 100), path([2, 1], 400, back: 401)])
        == "the paths of wire w, receiving, sum to 501000000 bit/s where 500000000 bit/s are promised")
  }

  /// The paths keep their shares for the whole lease, so they must be enough for its busiest time.
  @Test func sharesAreEnoughAfterAnEvent() {
    var growing = request
    growing.timeline = [
      TimelineEvent(
        after: .seconds(60),
        networks: [name("w"): .init(rate: RateRange(minimum: mbit(950)), reverseRate: RateRange(minimum: mbit(100)))])
    ]
    #expect(found([path([0], 550, back: 100), path([2, 1], 400, back: 400)], request: growing) == "")
    let less = [path([0], 500, back: 100), path([2, 1], 400, back: 400)]
    #expect(found(less, request: growing).contains("950000000 bit/s are promised"))
    growing.lease.duration = .seconds(60)
    #expect(found(less, request: growing) == "")
  }

  @Test func pathsLeadFromEndToEnd() {
    #expect(found([path([0], 500, back: 100), path([1, 2], 400, back: 400)]) == "path 2 of wire w is torn")
    #expect(
      found([path([0], 500, back: 100), path([2], 400, back: 400)], links: [0, 2])
        == "path 2 of wire w does not end at site prague")
    #expect(found([path([0], 900, back: 500)], sites: ["brno", "prague"], links: [0]) == "")
    #expect(found([path([9], 900, back: 500)], links: []).contains("crosses a link that is not there"))
  }

  @Test func pathsAreSimple() {
    let free = infrastructure([node("a"), node("b")], [wire("w", "a", "b", 900, back: 500)])
    #expect(
      found([path([0], 500, back: 100), path([0, 1, 2, 0], 400, back: 400)], request: free)
        .contains("path 2 of wire w crosses a site twice"))
  }

  @Test func everyPathIsSoonEnough() {
    var request = request
    request.networks[0].maximumLatency = .milliseconds(4)
    #expect(
      found([path([0], 500, back: 100), path([2, 1], 400, back: 400)], request: request)
        == "path 2 of wire w is too slow: 5ms, above 4ms")
  }

  @Test func linksAreThoseOfThePaths() {
    #expect(
      found([path([0], 900, back: 500)], sites: ["brno", "pilsen", "prague"], links: [0, 1])
        == "wire w lists other links than its paths'")
  }

  @Test func eachPathLoadsItsOwnLinks() {
    let paths = [path([0], 500, back: 100), path([2, 1], 400, back: 400)]
    let view = SubstrateView(triangle)
    // Link 1 is written from Prague to Pilsen, link 2 from Brno to Pilsen.
    let loads: [(Resource, UInt64)] = [
      (.link(0, .forward), 500), (.link(0, .reverse), 100), (.link(1, .reverse), 400), (.link(2, .forward), 400),
      (.uplink(host: 0, .forward), 900), (.uplink(host: 0, .reverse), 500), (.vlans(site: 2), 1),
    ]
    for (resource, load) in loads {
      let limit = resource == .vlans(site: 2) ? 100 : 1_000_000_000
      let amount = resource == .vlans(site: 2) ? load : load * 1_000_000
      #expect(found(paths, on: view.taking(UInt64(limit) - amount, of: resource)) == "", "\(resource)")
      #expect(
        found(paths, on: view.taking(UInt64(limit) - amount + 1, of: resource))
          .hasPrefix(triangle.name(of: resource)), "\(resource)")
    }
  }

  @Test func aSegmentIsNotSplitNorAWireWithinASite() {
    let segment = infrastructure([node("a"), node("b")], [network("w", ["a", "b"], minimum: mbit(900))])
    #expect(
      found([path([0], 900)], sites: ["brno", "prague"], links: [0], request: segment).contains("is split and is"))
    let local = check(
      embedding(
        ["a": "brno-1", "b": "brno-2"], ["w": tree(["brno-1", "brno-2"], ["brno"], [], [path([], 900, back: 500)])]),
      request)
    #expect(local == "wire w is split though both of its ends are at site brno")
  }
}
