import Algorithms
import Measurement
import Testing

/// The account of numbered packets, without any traffic.
@Suite struct SequenceCounterTests {
  /// What the counter should find, computed the slow way from the whole list.
  private struct Account: Equatable {
    var lost, duplicated, outOfOrder, longestLoss, worstGap: UInt64

    init(_ arrivals: [(number: UInt64, time: UInt64)], sent: UInt64) {
      let distinct = Set(arrivals.map(\.number))
      lost = sent - UInt64(distinct.count)
      duplicated = UInt64(arrivals.count - distinct.count)
      outOfOrder = 0
      worstGap = 0
      for (index, arrival) in arrivals.enumerated() {
        let before = arrivals[..<index]
        if let last = before.last { worstGap = max(worstGap, arrival.time - last.time) }
        let isNew = !before.contains { $0.number == arrival.number }
        if isNew, before.contains(where: { $0.number > arrival.number }) { outOfOrder += 1 }
      }
      var run: UInt64 = 0
      longestLoss = 0
      for number in 0..<sent {
        run = distinct.contains(number) ? 0 : run + 1
        longestLoss = max(longestLoss, run)
      }
    }

    init(_ counter: SequenceCounter, sent: UInt64) {
      lost = counter.lost(of: sent)
      duplicated = counter.duplicated
      outOfOrder = counter.outOfOrder
      longestLoss = counter.longestLoss(of: sent)
      worstGap = counter.worstGap
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func anyTroubleIsCountedAsANaiveModelCountsIt(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let sent = UInt64.random(in: 1...300, using: &random)
    var numbers: [UInt64] = []
    for number in 0..<sent {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: continue
      case 1: numbers += [number, number]
      case 2: numbers.insert(number, at: max(0, numbers.count - Int.random(in: 0...5, using: &random)))
      default: numbers.append(number)
      }
    }
    var time: UInt64 = 0
    let arrivals = numbers.map { number in
      time += UInt64.random(in: 0...1000, using: &random)
      return (number: number, time: time)
    }
    var counter = SequenceCounter()
    for (number, time) in arrivals { counter.record(number, at: time) }
    #expect(Account(counter, sent: sent) == Account(arrivals, sent: sent), "seed \(seed)")
  }

  @Test func aPerfectFlowHasNothingToTell() {
    var counter = SequenceCounter()
    for number in 0..<100_000 as Range<UInt64> { counter.record(number, at: number * 1_000_000) }
    #expect(counter.lost(of: 100_000) == 0 && counter.longestLoss(of: 100_000) == 0)
    #expect(counter.duplicated == 0 && counter.outOfOrder == 0 && counter.worstGap == 1_000_000)
    // What was sent after the last that came is lost, too.
    #expect(counter.lost(of: 100_040) == 40 && counter.longestLoss(of: 100_040) == 40)
  }

  @Test func numbersBeyondTheCapacityTakeNoMemory() {
    var counter = SequenceCounter(capacity: 1000)
    counter.record(.max, at: 1)
    counter.record(1000, at: 2)
    #expect(counter.distinct == 0)
  }
}
