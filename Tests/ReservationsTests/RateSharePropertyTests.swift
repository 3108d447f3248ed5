import Infrastructure
import Quantities
import Reservations
import Testing

/// Random links against what the sharing promises, and against other ways to the optimum.
@Suite struct RateSharePropertyTests {
  @Test(arguments: VLANPoolPropertyTests.seeds) func theSumIsTheLargest(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for _ in 0..<200 {
      let link = RateShareCase.random(&random)
      let allowed = try link.allowed()
      for optimum in RateShareOptimum.all {
        #expect(allowed.reduce(0, +) == optimum.sum(link), "seed \(seed), \(link), by \(optimum.name): \(allowed)")
      }
    }
  }

  @Test(arguments: VLANPoolPropertyTests.seeds) func boundsAndFairnessAreKept(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for round in 0..<200 {
      let link = RateShareCase.random(&random, large: round % 2 == 0)
      let allowed = try link.allowed()
      #expect(allowed.reduce(0, +) == RateShareOptimum.formula.sum(link))
      let fault = fault(allowed, of: link)
      #expect(fault == nil, "seed \(seed), \(link): \(allowed)")
    }
  }

  /// Nobody is outside its bounds, and nobody below its maximum has two bits less above its minimum than another.
  private func fault(_ allowed: [UInt64], of link: RateShareCase) -> String? {
    for (rate, wire) in zip(allowed, link.wires) where rate < wire.low || rate > wire.high ?? .max {
      return "\(rate) is out of bounds"
    }
    let extras = zip(allowed, link.wires).map { $0 - $1.low }
    for (index, wire) in link.wires.enumerated() where allowed[index] < wire.high ?? link.share {
      for other in extras.indices where extras[other] > extras[index] + 1 { return "\(other) has more than \(index)" }
    }
    return nil
  }

  /// Starts, changes and ends lead to the same as sharing anew; refusals to the same as before.
  @Test(arguments: VLANPoolPropertyTests.seeds) func changesLeadToTheSameAsSharingAnew(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let total: UInt64 = 120
    var share = try RateShare<Int>(total, of: "core link a -> b")
    var model: [Int: RateRange] = [:]
    var refusals = 0
    for step in 0..<300 {
      let wire = Int.random(in: 0..<20, using: &random)
      var next = model
      if Int.random(in: 0..<3, using: &random) == 0 {
        next[wire] = nil
        share.remove(wire)
      } else {
        next[wire] = RateShareCase.random(&random).wires.first ?? RateRange()
        let fits = next.values.reduce(0) { $0 + $1.low } <= total
        do {
          try share.set(wire, to: next[wire] ?? RateRange())
          #expect(fits)
        } catch {
          #expect(!fits && error.code == "rate-exceeded")
          next = model
          refusals += 1
        }
      }
      model = next
      let place = Comment("seed \(seed), step \(step)")
      let anew = try RateShare(total, of: "core link a -> b", among: model)
      #expect(share.allowed == anew.allowed && share.promised == anew.promised, place)
      #expect(model.keys.allSatisfy { share.allowed($0) == anew.allowed[$0] }, place)
    }
    #expect(refusals > 0)
  }
}
