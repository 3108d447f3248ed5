import Algorithms
import Measurement
import Testing

/// The search for the highest rate, against models of links.
@Suite struct RateSearchTests {
  /// A link that carries up to `capacity` packets a second and drops the rest, behind a sender that can `speed`.
  private struct Link {
    var capacity, speed: Double
    /// The share of trials in which the machine is busy with something else and a tenth is lost.
    var trouble = 0.0
    var random = SplitMix64(state: 1)

    mutating func trial(_ offered: Double?) -> RateSearch.Trial {
      let sent = min(offered ?? speed, speed)
      let isTroubled = Double.random(in: 0..<1, using: &random) < trouble
      let received = min(sent, capacity) * (isTroubled ? 0.9 : 1)
      return RateSearch.Trial(offered: offered, sent: sent, received: received, loss: 1 - received / sent)
    }
  }

  private func search(_ link: Link) -> (best: RateSearch.Trial?, trials: [RateSearch.Trial]) {
    var link = link
    var search = RateSearch()
    while search.trials.count < 1000 {
      switch search.next {
      case .offer(let offered): search.record(link.trial(offered))
      case .done(let best): return (best, search.trials)
      }
    }
    Issue.record("the search does not end")
    return (nil, search.trials)
  }

  @Test(arguments: [0.03, 0.1, 0.25, 0.5, 0.77, 0.9, 0.98])
  func theCapacityOfALinkIsFound(share: Double) throws {
    let (found, trials) = search(Link(capacity: share * 1e6, speed: 1e6))
    let best = try #require(found)
    // Less than half a percent may be lost; the last range is two percent of the sender's speed.
    #expect(best.loss < 0.005 && best.received <= share * 1e6)
    #expect(best.received > share * 1e6 - 0.021 * 1e6, "\(best.received)")
    #expect(trials.count <= 16, "\(trials.count)")
  }

  @Test func aLinkThatCarriesEverythingTakesOneTrial() throws {
    let (best, trials) = search(Link(capacity: 2e6, speed: 1e6))
    #expect(best?.received == 1e6 && trials.count == 1)
  }

  @Test func aLinkThatCarriesNothingHasNoRate() {
    let (best, trials) = search(Link(capacity: 0, speed: 1e6))
    #expect(best == nil && trials.count <= 16)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func aTroubledTrialDoesNotMisleadTheSearch(seed: UInt64) throws {
    let (found, _) = search(
      Link(capacity: 6e5, speed: 1e6, trouble: 0.05, random: SplitMix64(state: seed)))
    // Two troubled trials in a row of one offer are rare: 1 in 400.
    #expect(try #require(found).received > 5.7e5, "seed \(seed)")
  }
}
