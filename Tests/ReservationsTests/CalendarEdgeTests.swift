import Quantities
import Testing

@testable import Reservations

/// What nobody asks for on purpose.
@Suite struct CalendarEdgeTests {
  private func at(_ second: Int64) -> Timestamp { Timestamp(seconds: second) }

  private func booking(_ resource: Int, _ span: Range<Int64>, _ amount: UInt64) -> Booking {
    Booking(resource, at(span.lowerBound)..<at(span.upperBound), amount)
  }

  @Test func absurdAmountsAreRefusedBeforeSumsOverflow() throws {
    var calendar = Calendar(capacities: [.max])
    let all = booking(0, 0..<10, .max)
    var accepted = 0
    var refusal: Shortage?
    while refusal == nil, accepted < 5_000 {
      do throws(Shortage) {
        try calendar.reserve([all], as: "\(accepted)")
        accepted += 1
      } catch {
        refusal = error
      }
    }
    #expect(refusal?.interval == at(0)..<at(10) && accepted >= 100)
    #expect(throws: Shortage.self) { try calendar.reserve([Booking](repeating: all, count: 5_000), as: "many") }
    #expect(throws: Shortage.self) {
      try calendar.hold([[all], [Booking](repeating: all, count: 5_000)], as: "many", until: at(5))
    }
    #expect(calendar.entries.count == accepted)
  }

  @Test func absurdAmountsFromTheStoreDoNotTrapAndLeaveNothing() {
    var calendar = Calendar(capacities: [.max, 5])
    for number in 0..<3_000 {
      let entry = Calendar.Entry(alternatives: [[booking(0, 0..<10, .max)], [booking(1, -5..<Int64.max, .max)]])
      calendar.put(entry, as: "\(number)")
    }
    _ = calendar.overbooked(over: at(.min)..<Timestamp.distantFuture)
    _ = calendar.fit([(0, .max), (1, .max)], from: at(.min), duration: .max)
    for number in 0..<3_000 { calendar.remove("\(number)") }
    #expect(calendar.peaks(over: at(.min)..<Timestamp.distantFuture) == [0, 0])
  }

  @Test func givingBackIsNeverRefused() throws {
    var calendar = Calendar(capacities: [4])
    calendar.put(Calendar.Entry(alternatives: [[booking(0, 0..<100, 6)]]), as: "promised before the host shrank")
    #expect(
      calendar.overbooked(over: at(0)..<at(200)) == [
        Shortage(resource: 0, interval: at(0)..<at(100), missing: 2)
      ])
    #expect(throws: Shortage(resource: 0, interval: at(100)..<at(110), missing: 2)) {
      try calendar.move(endOf: "promised before the host shrank", to: at(110))
    }
    let isMoved = try calendar.move(endOf: "promised before the host shrank", to: at(50))
    #expect(isMoved)
    #expect(calendar.steps(0, over: at(0)..<at(200)).map(\.amount) == [6, 0])
    let all = [Booking](repeating: booking(0, 0..<100, .max), count: 5_000)
    calendar.put(Calendar.Entry(alternatives: [all]), as: "absurd")
    try calendar.move(endOf: "absurd", to: at(50))
    #expect(calendar.entries["absurd"]?.end == at(50))
    let isKnown = try calendar.move(endOf: "unknown", to: at(50))
    #expect(!isKnown)
  }

  @Test func theOrderOfBookingDoesNotCount() throws {
    var (a, b) = (Calendar(capacities: [9, 9]), Calendar(capacities: [9, 9]))
    try a.reserve([booking(0, 0..<10, 1)], as: "x")
    try a.reserve([booking(1, 5..<15, 2)], as: "y")
    try b.hold([[booking(1, 5..<15, 2)], [booking(0, 0..<50, 3)]], as: "y", until: at(9))
    try b.reserve([booking(0, 0..<10, 1)], as: "x")
    #expect(a != b)
    let isTaken = b.commit("y", now: at(0))
    #expect(isTaken && a == b && a.hashValue == b.hashValue)
  }

  @Test func endedHoldsDoNotPileUp() {
    var queue = LapseQueue()
    for number in 0..<10_000 {
      queue.add(.distantFuture, "hold-\(number)")
      queue.compact { $1 == "hold-\(number)" || $1 == "hold-5" }
      #expect(queue.count <= 66)
    }
    #expect(queue.next(until: at(.max - 1)) == nil)
    var names: Set<String> = []
    while let (_, name) = queue.next(until: .distantFuture) { names.insert(name) }
    #expect(names.isSuperset(of: ["hold-5", "hold-9999"]))
  }

  @Test func aSearchThatIsGivenUpSaysSo() {
    var calendar = Calendar(capacities: [1])
    let spikes = (0..<2_000).map { booking(0, Int64($0) * 2..<Int64($0) * 2 + 1, 1) }
    calendar.put(Calendar.Entry(alternatives: [spikes]), as: "every other second")
    #expect(calendar.fit([(0, 1)], from: at(0), duration: 2, rounds: 10) == .undecided(after: at(21)))
    #expect(calendar.firstFit([(0, 1)], from: at(0), duration: 2, rounds: 10) == nil)
    #expect(calendar.fit([(0, 1)], from: at(0), duration: 2) == .start(at(3_999)))
    #expect(calendar.fit([(0, 1)], from: at(0), until: at(3_998), duration: 2) == .never)
    // A long duration jumps over all the spikes within it at once.
    #expect(calendar.fit([(0, 1)], from: at(0), duration: 1_000, rounds: 9) == .start(at(3_999)))
  }
}
