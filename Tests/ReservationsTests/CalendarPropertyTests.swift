import Foundation
import Quantities
import Reservations
import Testing

/// Random lives of reservations against `CalendarModel`: every answer after every operation.
@Suite struct CalendarPropertyTests {
  static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<60)

  @Test(arguments: seeds) func againstArrays(seed: UInt64) throws {
    var run = CalendarRun(seed)
    for step in 0..<150 {
      try run.step()
      try run.compare("SEED=\(seed), step \(step)")
    }
    run.end()
    #expect(run.calendar == Calendar(capacities: run.calendar.capacities), "SEED=\(seed)")
    #expect(run.calendar.steps(0, over: run.always).count == 1, "SEED=\(seed)")
  }
}

/// A calendar and its model, led through the same operations.
private struct CalendarRun {
  var random: SeededGenerator
  var calendar: Reservations.Calendar
  var model: CalendarModel
  let always = Timestamp(seconds: 0)..<Timestamp.distantFuture
  private let resources = 3

  init(_ seed: UInt64) {
    random = SeededGenerator(state: seed)
    model = CalendarModel(capacities: [])
    calendar = Calendar(capacities: [])
    load(capacities: (0..<resources).map { _ in pick(4...14) })
  }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func id() -> String { "lab-\(pick(0...9))" }

  /// Also at and beyond the last second, and for ever.
  private mutating func interval() -> Range<Timestamp> {
    let start = pick(0...CalendarModel.last - 1)
    let end = pick(0...9) == 0 ? CalendarModel.last + 1 : pick(start + 1...CalendarModel.last)
    return CalendarModel.time(start)..<CalendarModel.time(end)
  }

  private mutating func bookings() -> [Booking] {
    (0..<pick(1...4)).map { _ in Booking(pick(0...resources - 1), interval(), UInt64(pick(1...5))) }
  }

  mutating func step() throws {
    switch pick(0...19) {
    case 0...5: hold()
    case 6...9: reserve()
    case 10...11: commit()
    case 12...15: move()
    case 16: remove()
    case 17: expire()
    case 18: put()
    default: try reload()
    }
  }

  private mutating func hold() {
    let (id, alternatives) = (id(), (0..<pick(1...4)).map { _ in bookings() })
    let expires = Int64(pick(0...100))
    let entry = CalendarModel.Entry(alternatives: alternatives.map(model.cells), expires: expires)
    let expected = model.replace(id, entry)
    var calendar = calendar
    let thrown = shortage { () throws(Shortage) in
      try calendar.hold(alternatives, as: id, until: Timestamp(seconds: expires))
    }
    self.calendar = calendar
    #expect(thrown == expected)
  }

  private mutating func reserve() {
    let (id, bookings) = (id(), bookings())
    let expected = model.replace(id, CalendarModel.Entry(alternatives: [model.cells(bookings)]))
    var calendar = calendar
    let thrown = shortage { () throws(Shortage) in try calendar.reserve(bookings, as: id) }
    self.calendar = calendar
    #expect(thrown == expected)
  }

  private mutating func put() {
    let (id, bookings) = (id(), bookings())
    calendar.put(Calendar.Entry(alternatives: [bookings]), as: id)
    model.entries[id] = CalendarModel.Entry(alternatives: [model.cells(bookings)])
  }

  private mutating func commit() {
    let (id, alternative, now) = (id(), pick(-1...3), Int64(pick(-20...100)))
    let known = model.entries[id]
    let isHeld = known.map { $0.alternatives.indices.contains(alternative) && now < $0.expires ?? .max } ?? false
    if isHeld, let known {
      model.entries[id] = CalendarModel.Entry(alternatives: [known.alternatives[alternative]])
    }
    let isDone = calendar.commit(id, alternative: alternative, now: Timestamp(seconds: now))
    #expect(isDone == isHeld)
  }

  private mutating func move() {
    let (id, end) = (id(), pick(0...CalendarModel.last + 1))
    // Half of the time the reservation as it stands goes on for a little.
    let target = pick(0...1) == 0 ? end : min((model.end(of: id) ?? 0) + pick(0...6), CalendarModel.last + 1)
    guard target != CalendarModel.last else { return }
    let expected = model.move(id, to: target)
    var calendar = calendar
    let thrown = shortage { () throws(Shortage) in
      try calendar.move(endOf: id, to: CalendarModel.time(target))
    }
    self.calendar = calendar
    #expect(thrown == expected)
  }

  private mutating func remove() {
    let id = id()
    let (isThere, wasThere) = (calendar.remove(id), model.entries.removeValue(forKey: id) != nil)
    #expect(isThere == wasThere)
  }

  /// The clock goes forward and back as it likes.
  private mutating func expire() {
    let now = pick(0...5) == 0 ? Int64.min : Int64(pick(-50...100))
    let (gone, expected) = (calendar.expire(Timestamp(seconds: now)), model.expire(now))
    #expect(gone == expected)
    #expect(calendar.expire(Timestamp(seconds: .min)).isEmpty)
  }

  /// The store is read again after the substrate has changed: what was promised stays, whether or not there is room.
  private mutating func reload() throws {
    let stored = try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: calendar.entries.map { ($0.key, $0.value) }))
    load(capacities: model.capacities.map { max(0, $0 + pick(-3...3)) })
    for (id, entry) in try JSONDecoder().decode([String: Reservations.Calendar.Entry].self, from: stored) {
      calendar.put(entry, as: id)
    }
  }

  private mutating func load(capacities: [Int]) {
    model.capacities = capacities
    calendar = Calendar(capacities: capacities.map(UInt64.init))
  }

  mutating func end() {
    for id in calendar.entries.keys { calendar.remove(id) }
  }

  private func shortage(_ body: () throws(Shortage) -> Void) -> Shortage? {
    do { try body() } catch { return error }
    return nil
  }
}

extension CalendarRun {
  mutating func compare(_ comment: Comment) throws {
    let expiries = Dictionary(uniqueKeysWithValues: calendar.entries.map { ($0.key, $0.value.expires?.seconds) })
    #expect(expiries == model.entries.mapValues(\.expires), comment)
    let held = model.held
    let span = interval()
    let cells = CalendarModel.cells(span)
    #expect(calendar.peaks(over: span) == held.map { UInt64($0[cells].max() ?? 0) }, comment)
    for resource in held.indices { compareSteps(resource, held[resource], comment) }
    #expect(calendar.overbooked(over: span) == overbooked(held, span), comment)
    let amount = pick(0...9)
    for resource in held.indices {
      let found = calendar.shortage(resource, amount: UInt64(amount), over: span)
      let most = model.capacities[resource] - amount
      #expect(found == shortage(resource, held[resource], most, span), comment)
    }
    let demands = held.indices.map { (resource: $0, amount: UInt64(pick(0...6))) }
    let (start, duration) = (pick(0...CalendarModel.last), pick(1...20))
    let fit = calendar.fit(demands, from: CalendarModel.time(start), duration: Int64(duration))
    #expect(fit == model.fit(demands, from: start, duration: duration), comment)
  }

  private func compareSteps(_ resource: Int, _ row: [Int], _ comment: Comment) {
    let steps = calendar.steps(resource, over: always)
    var drawn = row
    for (index, step) in steps.enumerated() {
      let until = index + 1 < steps.count ? steps[index + 1].time : .distantFuture
      for cell in CalendarModel.cells(step.time..<until) { drawn[cell] = Int(step.amount) }
    }
    #expect(drawn == row, comment)
    // What is no step any more takes no place.
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.amount != $1.amount }, comment)
  }

  private func overbooked(_ held: CalendarModel.Cells, _ span: Range<Timestamp>) -> [Shortage] {
    held.indices.compactMap { shortage($0, held[$0], model.capacities[$0], span) }
  }

  private func shortage(_ resource: Int, _ row: [Int], _ most: Int, _ span: Range<Timestamp>) -> Shortage? {
    let cells = CalendarModel.cells(span)
    guard let first = cells.first(where: { row[$0] > most }) else { return nil }
    return Shortage(
      resource: resource, interval: CalendarModel.time(first)..<model.free(row, most, from: first),
      missing: UInt64((row[cells].max() ?? 0) - most))
  }
}
