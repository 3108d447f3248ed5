import Foundation
import Quantities
import Reservations
import Testing

/// What an operation costs with a hundred times as much in the calendar. Of logarithmic growth comes less than twice as
/// much, the rest is memory that no cache holds, of which questions of a microsecond consist nearly wholly; linear
/// growth would be a hundred times.
@Suite(.serialized) struct CalendarScaleTests {
  @Test func aHundredThousandReservationsOfOneResource() {
    let small = Load(reservations: 1_000, hosts: 0)
    let large = Load(reservations: 100_000, hosts: 0)
    check(small, large)
  }

  @Test func aHundredThousandReservationsOnTenThousandHosts() {
    let small = Load(reservations: 1_000, hosts: 100)
    let large = Load(reservations: 100_000, hosts: 10_000)
    check(small, large)
  }

  private func check(_ small: Load, _ large: Load) {
    for operation in Load.Operation.allCases {
      var best = (small: Double.infinity, large: Double.infinity)
      for _ in 0..<5 {
        best.small = min(best.small, small.cost(operation))
        best.large = min(best.large, large.cost(operation))
      }
      let text = "\(operation): \(Int(best.small)) ns with 1,000, \(Int(best.large)) ns with 100,000"
      print(text)
      #expect(best.large < (operation.isQuestion ? 8 : 4) * best.small, "\(text)")
    }
  }
}

/// A calendar of a year with random reservations of up to 30 days, and operations on it.
private final class Load {
  enum Operation: CaseIterable {
    case reserveAndRemove, holdAndCommit, holdAndExpire, extendAndRelease, peak, shortage, fit

    var isQuestion: Bool { [.peak, .shortage, .fit].contains(self) }
  }

  private var random = SeededGenerator(state: 7)
  private var calendar: Reservations.Calendar
  private let hosts, reservations: Int
  private let count = 200

  /// All on one resource where `hosts` is zero, else seven resources of one of the hosts each.
  init(reservations: Int, hosts: Int) {
    (self.hosts, self.reservations) = (hosts, reservations)
    calendar = Calendar(capacities: [UInt64](repeating: 1 << 40, count: max(1, hosts * 7)))
    for number in 0..<reservations {
      calendar.put(Calendar.Entry(alternatives: [randomBookings()]), as: "\(number)")
    }
  }

  private func randomBookings() -> [Booking] {
    let start = Int64.random(in: 0..<365 * 86_400, using: &random)
    let interval =
      Timestamp(seconds: start)..<Timestamp(seconds: start + .random(in: 3_600...30 * 86_400, using: &random))
    let first = hosts == 0 ? 0 : 7 * Int.random(in: 0..<hosts, using: &random)
    return (0..<(hosts == 0 ? 1 : 7)).map { Booking(first + $0, interval, .random(in: 1...8, using: &random)) }
  }

  /// Nanoseconds of this thread's processor time for one operation.
  func cost(_ operation: Operation) -> Double {
    let bookings = (0..<count).map { _ in randomBookings() }
    let ids = (0..<count).map { _ in String(Int.random(in: 0..<reservations, using: &random)) }
    let start = processorTime()
    for index in 0..<count { perform(operation, bookings[index], ids[index]) }
    return Double(processorTime() - start) / Double(count)
  }

  private func processorTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private func perform(_ operation: Operation, _ bookings: [Booking], _ id: String) {
    let (new, moment, now) = ("new", Timestamp(seconds: 1), Timestamp(seconds: 0))
    let (resource, interval) = (bookings[0].resource, bookings[0].interval)
    do throws(Shortage) {
      switch operation {
      case .reserveAndRemove:
        try calendar.reserve(bookings, as: new)
        expect(calendar.remove(new))
      case .holdAndCommit:
        try calendar.hold([bookings, [bookings[0]]], as: new, until: moment)
        expect(calendar.commit(new, alternative: 1, now: now))
      case .holdAndExpire:
        try calendar.hold([bookings], as: new, until: moment)
        expect(calendar.expire(moment) == [new])
      case .extendAndRelease:
        guard let end = calendar.entries[id]?.end else { return expect(false) }
        try calendar.move(endOf: id, to: end + .seconds(3_600))
        try calendar.move(endOf: id, to: end)
      case .peak: expect(calendar.peak(resource, over: interval) < 1 << 40)
      case .shortage: expect(calendar.shortage(resource, amount: 1, over: interval) == nil)
      case .fit: expect(calendar.fit([(resource, 1)], from: interval.lowerBound, duration: 9) != .never)
      }
    } catch {
      Issue.record("\(operation) found a shortage: \(error)")
    }
  }

  /// An expectation that costs nothing while it holds.
  private func expect(_ holds: Bool) {
    if !holds { Issue.record("An operation did not do what it says.") }
  }
}
