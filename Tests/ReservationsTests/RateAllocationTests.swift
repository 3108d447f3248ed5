import Infrastructure
import Quantities
import Reservations
import Testing

@Suite struct RateAllocationTests {
  private func rates(_ claims: [RateClaim], _ shares: [UInt64]) throws -> [UInt64] {
    try RateAllocation.rates(claims, shares: shares) { "core link \($0)" }.map(\.bitsPerSecond)
  }

  private func megabits(_ claims: [RateClaim], _ shares: [UInt64]) throws -> [UInt64] {
    try rates(claims, shares.map { $0 * 1_000_000 }).map { $0 / 1_000_000 }
  }

  /// Sessions over three links, as every book on fairness draws them: the long one shares each link.
  @Test func aLongNetworkSharesEachLink() throws {
    let free = RateRange()
    let claims = [RateClaim(free, over: [0, 1, 2])] + (0..<3).map { RateClaim(free, over: [$0]) }
    #expect(try megabits(claims, [100, 60, 200]) == [30, 70, 30, 170])
    let limited = [RateClaim(RateRange(nil, 10), over: [0, 1, 2])] + claims.dropFirst()
    #expect(try megabits(limited, [100, 60, 200]) == [10, 90, 50, 190])
    let promised = [RateClaim(RateRange(40, nil), over: [0, 1, 2])] + claims.dropFirst()
    #expect(try megabits(promised, [100, 60, 200]) == [50, 50, 10, 150])
  }

  @Test func aLinkThatLacksIsNamed() {
    let claims = [RateClaim(RateRange(6, nil), over: [1, 3]), RateClaim(RateRange(5, nil), over: [2, 3])]
    let problem = #expect(throws: Problem.self) { try megabits(claims, [9, 9, 9, 9]) }
    #expect(problem?.message.hasPrefix("The core link 3 lacks 2Mbit/s") == true)
  }

  @Test func whoHasNoLinkHasNoLimitButItsOwn() throws {
    let claims = [RateClaim(RateRange(1, 2), over: []), RateClaim(RateRange(1, nil), over: [0, 0])]
    #expect(try rates(claims, [.max]) == [2_000_000, Bitrate.unlimited.bitsPerSecond])
    #expect(try megabits([RateClaim(RateRange(1, nil), over: [0, 0])], [10]) == [10])
  }

  @Test(arguments: VLANPoolPropertyTests.seeds) func oneLinkIsSharedAsByRateShare(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for round in 0..<100 {
      let link = RateShareCase.random(&random, large: round % 2 == 0)
      let claims = link.wires.map { RateClaim($0, over: [0]) }
      #expect(try rates(claims, [link.share]) == link.allowed(), "seed \(seed), \(link)")
    }
  }

  /// What is promised of many links: bounds, no bit left that somebody could have, and fairness: whoever is below
  /// its maximum crosses a full link on which nobody has more above its minimum, both but for the bits that a link
  /// cannot divide.
  @Test(arguments: VLANPoolPropertyTests.seeds) func manyLinksAreFairAndFull(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for round in 0..<60 {
      let (claims, shares) = network(&random, scale: round % 2 == 0 ? 1_000_000_000 : 30)
      let allowed = try rates(claims, shares)
      let place = Comment("seed \(seed), round \(round)")
      var left = shares.map(Int64.init)
      var crowd = shares.map { _ in Int64(0) }
      for (claim, rate) in zip(claims, allowed) {
        #expect(rate >= claim.range.low && rate <= claim.range.high ?? .max, place)
        for link in Set(claim.links) {
          left[link] -= Int64(rate)
          crowd[link] += 1
        }
      }
      #expect(left.allSatisfy { $0 >= 0 }, place)
      let extras = zip(claims, allowed).map { Int64($1 - $0.range.low) }
      for (index, claim) in claims.enumerated() where allowed[index] < claim.range.high ?? .max {
        #expect(claim.links.contains { left[$0] == 0 }, place)
        let bottleneck = claim.links.contains { link in
          left[link] < crowd[link]
            && claims.indices.allSatisfy {
              !claims[$0].links.contains(link) || extras[$0] <= extras[index] + crowd[link]
            }
        }
        #expect(bottleneck, place)
      }
    }
  }

  private func network(_ random: inout SeededGenerator, scale: UInt64) -> ([RateClaim], [UInt64]) {
    let count = Int.random(in: 1...8, using: &random)
    var shares = (0..<count).map { _ in UInt64.random(in: 0...scale, using: &random) }
    let claims = (0..<Int.random(in: 1...12, using: &random)).map { _ in
      let low = UInt64.random(in: 0...scale / 2, using: &random)
      let high = Bool.random(using: &random) ? low + UInt64.random(in: 0...scale, using: &random) : nil
      let links = (0..<count).shuffled(using: &random).prefix(Int.random(in: 1...min(4, count), using: &random))
      return RateClaim(
        RateRange(
          minimum: low == 0 ? nil : Bitrate(bitsPerSecond: low), maximum: high.map(Bitrate.init(bitsPerSecond:))),
        over: Array(links))
    }
    for claim in claims { for link in claim.links { shares[link] += claim.range.low } }
    return (claims, shares)
  }
}
