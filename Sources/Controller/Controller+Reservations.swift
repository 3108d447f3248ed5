import Agent
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// One line of the calendar: who holds how much of what, and when.
public struct CalendarRow: Hashable, Sendable {
  public var resource: Resource
  /// Infrastructure; of an offer that is held, the one that it is for.
  public var holder: Name
  /// True where it is held for a counter-offer, and not promised.
  public var isOffer: Bool { offeredTo != nil }
  /// The user for whom an offer is held; nil where it is none.
  public var offeredTo: String?
  /// `.distantFuture` has no end.
  public var interval: Range<Timestamp>
  public var amount: UInt64
  /// The largest number is not limited.
  public var capacity: UInt64
}

/// What is promised on a substrate.
public struct CalendarView: Sendable {
  public var substrate: Substrate
  public var rows: [CalendarRow]
  public var now: Timestamp
}

extension CloudState {
  /// Everything that is booked, by resource, then by time.
  func bookings(at now: Timestamp, where isWanted: (Resource, Substrate) -> Bool) -> [CalendarRow] {
    let substrate = substrate
    let numbers = ResourceNumbers(substrate)
    let calendar = self.calendar(at: now)
    var rows: [CalendarRow] = []
    for (id, entry) in calendar.entries {
      let offered = OfferGroup(key: id)
      guard let holder = id.split(separator: "/").last.flatMap({ Name(String($0)) }) else { continue }
      for booking in entry.alternatives.joined() where numbers.count > booking.resource {
        let resource = numbers.resource(booking.resource)
        guard isWanted(resource, substrate) else { continue }
        rows.append(
          CalendarRow(
            resource: resource, holder: holder, offeredTo: offered?.user, interval: booking.interval,
            amount: booking.amount,
            capacity: calendar.capacities[booking.resource]))
      }
    }
    rows.sort { a, b in
      (numbers[a.resource], a.interval.lowerBound, a.holder) < (numbers[b.resource], b.interval.lowerBound, b.holder)
    }
    return rows
  }

  /// Moves the end of the record's lease if there is room; throws the first shortage, and changes nothing then.
  mutating func moveEnd(of record: inout InfrastructureRecord, to end: Timestamp, at now: Timestamp) throws(Shortage) {
    var moved = record
    moved.standing.ends = end == .distantFuture ? nil : end.seconds
    var calendar = calendar(at: now)
    // Made anew, for an event of the timeline may come within the lease only now.
    try calendar.reserve(
      record.admission.embedding.bookings(
        of: record.admission.infrastructure, over: moved.interval, on: ledger.base.directory),
      as: Self.key(record.name))
    record = moved
    records[record.name] = moved
  }
}

extension Controller {
  /// Everything that is booked, by resource, then by time.
  ///
  /// - Parameter isWanted: Which resources.
  public static func calendar(
    of installation: Installation, now: Timestamp = .now, where isWanted: (Resource, Substrate) -> Bool
  ) throws -> CalendarView {
    let state =
      installation.isEmpty ? CloudState(empty: ThisMachine.substrate) : try Controller(installation).state()
    return CalendarView(substrate: state.substrate, rows: state.bookings(at: now, where: isWanted), now: now)
  }

  static func refusedExtension(
    _ record: InfrastructureRecord, _ end: Timestamp, _ shortage: Shortage, _ substrate: Substrate
  ) -> Problem {
    let resource = ResourceNumbers(substrate).resource(shortage.resource)
    let present = record.interval.upperBound
    let latest = max(present, shortage.interval.lowerBound)
    return Problem(
      .refused, "extension-does-not-fit",
      "\(record.name) cannot last until \(end): \(substrate.name(of: resource)) is short by "
        + "\(Substrate.text(shortage.missing, of: resource)) from \(shortage.interval.lowerBound), promised to others",
      remedy: latest > present
        ? "It fits until then: virtcloud extend \(record.name) --until \(latest)"
        : "It cannot last longer than until \(present); reserve anew with 'virtcloud plan'.")
  }
}
