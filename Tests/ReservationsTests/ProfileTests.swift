import Quantities
import Testing

@testable import Reservations

/// Every answer of a profile against the plainest model there is: one number for each second.
@Suite struct ProfileTests {
  private static let end = 60

  @Test(arguments: 0..<60 as Range<UInt64>) func againstAnArray(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    var profile = Profile()
    var model = [Int](repeating: 0, count: Self.end + 1)
    var booked: [(Int, Range<Int>)] = []
    for _ in 0..<80 {
      if let last = booked.indices.randomElement(using: &random), Int.random(in: 0..<3, using: &random) == 0 {
        let (amount, span) = booked.remove(at: last)
        profile.add(-amount, over: Self.times(span))
        for second in span { model[second] -= amount }
      } else {
        let span = Self.span(&random)
        let amount = Int.random(in: 1...5, using: &random)
        booked.append((amount, span))
        profile.add(amount, over: Self.times(span))
        for second in span { model[second] += amount }
      }
      compare(profile, model, Self.span(&random), Int.random(in: 0...12, using: &random), seed)
    }
    for (amount, span) in booked { profile.add(-amount, over: Self.times(span)) }
    #expect(profile.stepCount == 0)
  }

  private func compare(_ profile: Profile, _ model: [Int], _ span: Range<Int>, _ most: Int, _ seed: UInt64) {
    let start = Timestamp(seconds: Int64(span.lowerBound))
    #expect(profile.peak(over: Self.times(span)) == model[span].max(), "seed \(seed)")
    #expect(profile.level(at: start) == model[span.lowerBound])
    let above = span.first { model[$0] > most }
    #expect(
      profile.firstAbove(most, from: start, until: Timestamp(seconds: Int64(span.upperBound)))?.seconds
        == above.map(Int64.init))
    let below = (span.lowerBound...Self.end).first { model[$0] <= most }
    #expect(profile.firstAtMost(most, from: start)?.seconds == below.map(Int64.init), "seed \(seed)")
    let fit = (span.lowerBound...Self.end).first { begin in
      (begin..<begin + span.count).allSatisfy { $0 > Self.end || model[$0] <= most }
    }
    var rounds = 100
    #expect(
      profile.firstFit(most, from: start, duration: Int64(span.count), rounds: &rounds)
        == fit.map { .start(Timestamp(seconds: Int64($0))) } ?? .never, "seed \(seed)")
    var drawn = [Int](repeating: 0, count: Self.end + 1)
    let steps = profile.steps(over: Self.times(span))
    for (index, step) in steps.enumerated() {
      let until = index + 1 < steps.count ? Int(steps[index + 1].time.seconds) : span.upperBound
      for second in Int(step.time.seconds)..<until { drawn[second] = step.amount }
    }
    #expect(drawn[span] == model[span])
  }

  private static func span(_ random: inout SeededGenerator) -> Range<Int> {
    let start = Int.random(in: 0..<end, using: &random)
    return start..<Int.random(in: start + 1...end, using: &random)
  }

  private static func times(_ span: Range<Int>) -> Range<Timestamp> {
    Timestamp(seconds: Int64(span.lowerBound))..<Timestamp(seconds: Int64(span.upperBound))
  }
}

@Suite struct CalendarTests {
  private func at(_ second: Int64) -> Timestamp { Timestamp(seconds: second) }

  private func booking(_ resource: Int, _ span: Range<Int64>, _ amount: UInt64) -> Booking {
    Booking(resource, at(span.lowerBound)..<at(span.upperBound), amount)
  }

  @Test func whatDoesNotFitChangesNothing() throws {
    var calendar = Calendar(capacities: [10, 10])
    try calendar.reserve([booking(0, 0..<100, 8)], as: "a")
    let before = calendar
    #expect(throws: Shortage(resource: 0, interval: at(50)..<at(100), missing: 1)) {
      try calendar.reserve([booking(1, 50..<150, 1), booking(0, 50..<150, 3)], as: "b")
    }
    #expect(
      calendar.entries == before.entries && calendar.peaks(over: at(0)..<at(200)) == before.peaks(over: at(0)..<at(200))
    )
    try calendar.reserve([booking(0, 100..<150, 10)], as: "b")
  }

  @Test func aHoldLapsesByItselfUnlessItIsTaken() throws {
    var calendar = Calendar(capacities: [10])
    try calendar.hold([[booking(0, 0..<100, 6)], [booking(0, 50..<150, 9)]], as: "offers", until: at(10))
    #expect(calendar.steps(0, over: at(0)..<at(200)).map(\.amount) == [6, 9, 0])
    var taken = calendar
    let isTaken = taken.commit("offers", alternative: 0, now: at(9))
    #expect(isTaken)
    #expect(taken.steps(0, over: at(0)..<at(200)).map(\.amount) == [6, 0])
    #expect(taken.expire(at(1000)) == [])
    let isLate = calendar.commit("offers", now: at(10))
    #expect(!isLate)
    #expect(calendar.expire(at(10)) == ["offers"])
    #expect(calendar.peak(0, over: at(0)..<at(200)) == 0)
    // The clock is set back: what lapsed stays gone.
    #expect(calendar.expire(at(0)) == [] && calendar.entries.isEmpty)
  }

  @Test func anEndMovesOrNothingDoes() throws {
    var calendar = Calendar(capacities: [10])
    try calendar.reserve([booking(0, 0..<50, 4), booking(0, 50..<100, 6)], as: "a")
    try calendar.reserve([booking(0, 120..<200, 5)], as: "b")
    #expect(throws: Shortage(resource: 0, interval: at(120)..<at(150), missing: 1)) {
      try calendar.move(endOf: "a", to: at(150))
    }
    #expect(calendar.entries["a"]?.end == at(100))
    try calendar.move(endOf: "a", to: at(120))
    try calendar.move(endOf: "a", to: at(30))
    #expect(calendar.steps(0, over: at(0)..<at(300)).map(\.amount) == [4, 0, 5, 0])
  }

  @Test func theFirstFitOfSeveralResourcesTogether() throws {
    var calendar = Calendar(capacities: [10, 10, .max])
    try calendar.reserve([booking(0, 0..<100, 8)], as: "a")
    try calendar.reserve([booking(1, 110..<130, 8), booking(1, 135..<200, 8)], as: "b")
    let demands: [(resource: Int, amount: UInt64)] = [(0, 3), (1, 3), (2, 1 << 60)]
    #expect(calendar.firstFit(demands, from: at(0), duration: 10) == at(100))
    #expect(calendar.firstFit(demands, from: at(0), duration: 20) == at(200))
    #expect(calendar.firstFit([(0, 11)], from: at(0), duration: 1) == nil)
  }

  @Test func anEndlessReservationIsNeverFittedBehind() throws {
    var calendar = Calendar(capacities: [10])
    calendar.put(Calendar.Entry(alternatives: [[Booking(0, at(5)..<Timestamp.distantFuture, 10)]]), as: "for ever")
    #expect(calendar.firstFit([(0, 1)], from: at(0), duration: 5) == at(0))
    #expect(calendar.firstFit([(0, 1)], from: at(0), duration: 6) == nil)
    #expect(calendar.shortage(0, amount: 1, over: at(0)..<at(9))?.interval == at(5)..<Timestamp.distantFuture)
  }
}
