import Quantities
import Reservations

/// The plainest calendar there is: for each alternative of each entry one number for each resource and second.
struct CalendarModel {
  /// The last cell stands for every second from here on.
  static let last = 48

  typealias Cells = [[Int]]

  struct Entry {
    let alternatives: [Cells]
    let expires: Int64?
    /// The pointwise largest of the alternatives.
    let use: Cells

    init(alternatives: [Cells], expires: Int64? = nil) {
      self.alternatives = alternatives
      self.expires = expires
      use = alternatives[0].indices.map { resource in
        alternatives[0][resource].indices.map { cell in alternatives.map { $0[resource][cell] }.max() ?? 0 }
      }
    }
  }

  var capacities: [Int]
  var entries: [String: Entry] = [:]

  /// What is held altogether.
  var held: Cells {
    var sum = none
    for entry in entries.values {
      let use = entry.use
      for resource in sum.indices { for cell in 0...Self.last { sum[resource][cell] += use[resource][cell] } }
    }
    return sum
  }

  var none: Cells { capacities.map { _ in [Int](repeating: 0, count: Self.last + 1) } }

  static func cells(_ interval: Range<Timestamp>) -> Range<Int> {
    let end = interval.upperBound == .distantFuture ? last + 1 : Int(interval.upperBound.seconds)
    return Int(interval.lowerBound.seconds)..<end
  }

  static func time(_ cell: Int) -> Timestamp {
    cell > last ? .distantFuture : Timestamp(seconds: Int64(cell))
  }

  func cells(_ bookings: [Booking]) -> Cells {
    var cells = none
    for booking in bookings {
      for cell in Self.cells(booking.interval) { cells[booking.resource][cell] += Int(booking.amount) }
    }
    return cells
  }

  /// Puts the entry in unless something it holds more than before is more than there is; then what `hold` throws.
  mutating func replace(_ id: String, _ entry: Entry) -> Shortage? {
    let before = entries[id]?.use ?? none
    let old = entries[id]
    entries[id] = entry
    let (after, held) = (entry.use, held)
    var first: Shortage?
    for resource in held.indices {
      let over = (0...Self.last).filter {
        held[resource][$0] > capacities[resource] && after[resource][$0] > before[resource][$0]
      }
      guard let start = over.first, Self.time(start) < first?.interval.lowerBound ?? .distantFuture else { continue }
      let missing = over.map { held[resource][$0] - capacities[resource] }.max() ?? 0
      first = Shortage(
        resource: resource, interval: Self.time(start)..<free(held[resource], capacities[resource], from: start),
        missing: UInt64(missing))
    }
    if first != nil { entries[id] = old }
    return first
  }

  /// The first second from `start` on with at most that much.
  func free(_ row: [Int], _ most: Int, from start: Int) -> Timestamp {
    Self.time((start...Self.last).first { row[$0] <= most } ?? Self.last + 1)
  }

  func end(of id: String) -> Int? {
    guard let entry = entries[id] else { return nil }
    return entry.use.compactMap { row in row.lastIndex { $0 > 0 } }.max().map { $0 + 1 }
  }

  /// What ended last goes on as it was in its last second, or all is cut off.
  mutating func move(_ id: String, to end: Int) -> Shortage? {
    guard let old = self.end(of: id), let entry = entries[id] else { return nil }
    var alternatives = entry.alternatives
    for alternative in alternatives.indices {
      for resource in capacities.indices {
        for cell in 0...Self.last where cell >= min(old, end) {
          alternatives[alternative][resource][cell] =
            cell < end ? entry.alternatives[alternative][resource][old - 1] : 0
        }
      }
    }
    return replace(id, Entry(alternatives: alternatives, expires: entry.expires))
  }

  mutating func expire(_ now: Int64) -> [String] {
    let gone = entries.filter { $0.value.expires.map { $0 <= now } ?? false }
      .sorted { ($0.value.expires ?? 0, $0.key) < ($1.value.expires ?? 0, $1.key) }.map(\.key)
    for id in gone { entries[id] = nil }
    return gone
  }

  /// By trying every second.
  func fit(_ demands: [(resource: Int, amount: UInt64)], from start: Int, duration: Int) -> Fit {
    let held = held
    let found = (start...Self.last).first { begin in
      demands.allSatisfy { resource, amount in
        (begin..<begin + duration).allSatisfy {
          held[resource][min($0, Self.last)] + Int(amount) <= capacities[resource]
        }
      }
    }
    return found.map { .start(Self.time($0)) } ?? .never
  }
}
