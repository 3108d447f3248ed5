import Infrastructure
import Quantities
import Reservations
import Testing

@Suite struct RateShareTests {
  private let link = "core link brno -> prague"

  private func megabits(_ share: RateShare<Name>) -> [String: UInt64] {
    Dictionary(uniqueKeysWithValues: share.allowed.map { ($0.description, $1.bitsPerSecond / 1_000_000) })
  }

  /// Vicat-Blanc Primet et al. 2009: a link of 2 Gbit/s, and what becomes of it when the static wire ends.
  @Test func theTableOfThePaper() throws {
    var share = try RateShare(
      2_000_000_000, of: link,
      among: [name("a"): RateRange(100, 500), name("b"): RateRange(800, 1500), name("c"): RateRange(300, 300)])
    #expect(megabits(share) == ["a": 500, "b": 1200, "c": 300] && share.promised == 1_200_000_000)
    share.remove(name("c"))
    #expect(megabits(share) == ["a": 500, "b": 1500])
    try share.set(name("b"), to: RateRange(800, nil))
    #expect(megabits(share) == ["a": 500, "b": 1500])
    try share.set(name("a"), to: RateRange(100, nil))
    #expect(megabits(share) == ["a": 650, "b": 1350])
  }

  @Test func minimaThatDoNotFitAreRefusedAndChangeNothing() throws {
    var share = try RateShare(1_000_000_000, of: link, among: [name("a"): RateRange(700, nil)])
    let before = share.allowed
    let problem = #expect(throws: Problem.self) { try share.set(name("b"), to: RateRange(400, 500)) }
    #expect(problem?.kind == .refused && problem?.code == "rate-exceeded")
    #expect(
      problem?.message
        == "The core link brno -> prague lacks 100Mbit/s: minimum rates of 1100Mbit/s are asked of it, but it has "
        + "1Gbit/s to promise.")
    #expect(share.allowed == before && share.ranges.count == 1)
    #expect(throws: Problem.self) { try share.set(name("a"), to: RateRange(1001, nil)) }
    try share.set(name("a"), to: RateRange(1000, nil))
    #expect(share.promised == 1_000_000_000)
    let wires = [1: RateRange(600, 600), 2: RateRange(600, nil)]
    #expect(throws: Problem.self) { try RateShare(1_000_000_000, of: link, among: wires) }
  }

  @Test func bestEffortIsTakenOff() throws {
    let sites = ["a", "b"].map { Site(name: name($0), vlans: vlans([1])) }
    let core = CoreLink(ends: Pair(name("a"), name("b")), rate: Bitrate(bitsPerSecond: 1_000_000_000))
    let substrate = Substrate(name: name("s"), sites: sites, hosts: [], links: [core], bestEffort: 10)
    let resource = Resource.link(0, .reverse)
    let share = try RateShare(
      substrate.capacity(of: resource), of: substrate.name(of: resource),
      among: [name("x"): RateRange(nil, nil), name("y"): RateRange(100, nil)])
    #expect(megabits(share) == ["x": 400, "y": 500])
  }

  @Test func whatDoesNotDivideGoesToTheLeastRoomThenByName() throws {
    let some = RateShareCase(share: 11, wires: Array(repeating: RateRange(), count: 4))
    #expect(try some.allowed() == [3, 3, 3, 2])
    let least = RateRange(minimum: nil, maximum: Bitrate(bitsPerSecond: 8))
    #expect(try RateShareCase(share: 9, wires: [RateRange(), least]).allowed() == [4, 5])
  }

  @Test func aLinkWithoutALimitGivesEveryMaximum() throws {
    let share = try RateShare(.max, of: link, among: [name("a"): RateRange(1, 5), name("b"): RateRange(7, nil)])
    #expect(share.allowed(name("a"))?.description == "5Mbit/s" && share.allowed(name("b")) == .unlimited)
  }

  @Test func whatIsNotThereHasNoRate() throws {
    var share = try RateShare<Name>(7, of: link)
    share.remove(name("a"))
    #expect(share.allowed(name("a")) == nil && share.allowed.isEmpty && share.promised == 0)
  }
}
