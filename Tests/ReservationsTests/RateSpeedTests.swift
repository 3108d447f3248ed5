import Infrastructure
import Quantities
import Reservations
import Testing

/// Bounds that a release build keeps by far; `swift test -c release` prints what it measured.
@Suite(.serialized) struct RateSpeedTests {
  #if DEBUG
    private static let slowness = 40.0
  #else
    private static let slowness = 1.0
  #endif

  private func milliseconds(_ what: String, _ work: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<5 {
      best = min(best, try ContinuousClock().measure(work) / .milliseconds(1))
    }
    print("\(what): \(best) ms")
    return best
  }

  private func wires(_ count: Int) -> [Name: RateRange] {
    var random = SeededGenerator(state: 7)
    return Dictionary(
      uniqueKeysWithValues: (0..<count).map { index in
        let low = UInt64.random(in: 0...10, using: &random)
        let high = low + UInt64.random(in: 0...100, using: &random)
        return (name("wire-\(index)"), RateRange(low, index % 5 == 0 ? nil : high))
      })
  }

  @Test func tenThousandWiresOnALink() throws {
    let wires = wires(10_000)
    let shareable: UInt64 = 400_000_000_000
    var rates = 0
    let anew = try milliseconds("10,000 wires shared anew") {
      rates = try RateShare(shareable, of: "link", among: wires).allowed.count
    }
    #expect(rates == 10_000 && anew < 20 * Self.slowness)
    var share = try RateShare(shareable, of: "link", among: wires)
    let changes = try milliseconds("1,000 changes among 10,000 wires, a rate read after each") {
      for index in 0..<1000 {
        let wire = name("wire-\(index * 7)")
        try share.set(wire, to: RateRange(UInt64(index % 9), UInt64(index % 9) + 50))
        _ = share.allowed(wire)
      }
    }
    #expect(changes < 100 * Self.slowness)
  }

  @Test func tenThousandNetworksOverAThousandLinks() throws {
    var random = SeededGenerator(state: 11)
    let claims = (0..<10_000).map { index in
      let links = (0..<10).map { _ in Int.random(in: 0..<1000, using: &random) }
      return RateClaim(RateRange(1, index % 3 == 0 ? nil : UInt64.random(in: 1...1000, using: &random)), over: links)
    }
    let shares = Array(repeating: UInt64(10_000_000_000), count: 1000)
    let time = try milliseconds("10,000 networks over 10 of 1,000 links each") {
      _ = try RateAllocation.rates(claims, shares: shares) { "link \($0)" }
    }
    #expect(time < 500 * Self.slowness)
  }
}
