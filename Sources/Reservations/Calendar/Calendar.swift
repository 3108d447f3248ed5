import Algorithms
import Quantities

/// What is held of every resource, and when: the book of all reservations. A pure value; time is passed in.
///
/// For each resource it keeps a piecewise-constant profile, made when the resource is first booked. A reservation
/// is *held* until a stated moment, then *committed* or aborted, may be extended or released early; every change
/// happens whole or not at all. With n bookings of a resource each operation takes O(log n) a booking.
public struct Calendar: Hashable, Sendable {
  /// One reservation.
  public struct Entry: Hashable, Codable, Sendable {
    /// Sets of bookings of which one will be kept; one set where there is no choice. What is booked is the
    /// pointwise largest of them.
    public var alternatives: [[Booking]]
    /// When a hold lapses by itself; nil is committed.
    public var expires: Timestamp?

    public init(alternatives: [[Booking]], expires: Timestamp? = nil) {
      self.alternatives = alternatives
      self.expires = expires
    }

    var bookings: [Booking] { Envelope.bookings(alternatives) }

    /// When the last of its bookings ends; nil where there are none.
    public var end: Timestamp? { alternatives.flatMap { $0 }.map(\.interval.upperBound).max() }
  }

  /// How much there is of each resource, by number; the largest number is not limited.
  public let capacities: [UInt64]
  public private(set) var entries = BucketedDictionary<String, Entry>()
  var profiles: [Int: Profile] = [:]
  private var lapses = LapseQueue()

  /// A calendar in which nothing is held.
  public init(capacities: [UInt64]) { self.capacities = capacities }

  /// Puts an entry in, whether or not there is room: what was promised before stays promised, also where the
  /// substrate shrank since. An entry of that name is replaced.
  public mutating func put(_ entry: Entry, as id: String) {
    remove(id)
    book(entry.bookings, sign: 1)
    entries[id] = entry
    guard let expires = entry.expires else { return }
    lapses.add(expires, id)
    lapses.compact { [entries] in entries[$1]?.expires == $0 }
  }

  /// Holds room for `alternatives` until `expires`, if there is room for all of them.
  ///
  /// - Throws: The first shortage; nothing is held then, and an entry of that name stays as it was.
  public mutating func hold(_ alternatives: [[Booking]], as id: String, until expires: Timestamp) throws(Shortage) {
    try replace(id, with: Entry(alternatives: alternatives, expires: expires))
  }

  /// Books at once what needs no hold. Throws as `hold`.
  public mutating func reserve(_ bookings: [Booking], as id: String) throws(Shortage) {
    try replace(id, with: Entry(alternatives: [bookings]))
  }

  /// Keeps one alternative of a hold for good, and gives the others back.
  ///
  /// - Returns: False where there is no such hold, it has lapsed by `now`, or it lacks that alternative.
  public mutating func commit(_ id: String, alternative: Int = 0, now: Timestamp) -> Bool {
    guard let entry = entries[id], entry.alternatives.indices.contains(alternative),
      entry.expires.map({ now < $0 }) ?? true
    else { return false }
    put(Entry(alternatives: [entry.alternatives[alternative]]), as: id)
    return true
  }

  /// Takes an entry out, held or committed; true where there was one.
  @discardableResult
  public mutating func remove(_ id: String) -> Bool {
    guard let entry = entries[id] else { return false }
    entries[id] = nil
    book(entry.bookings, sign: -1)
    return true
  }

  /// Takes out the holds that have lapsed by `now`, and returns their names.
  ///
  /// A clock that is set back brings nothing back; one that jumps forward lapses what it jumps over.
  @discardableResult
  public mutating func expire(_ now: Timestamp) -> [String] {
    var gone: [String] = []
    while let (expires, id) = lapses.next(until: now) {
      guard entries[id]?.expires == expires else { continue }
      remove(id)
      gone.append(id)
    }
    return gone
  }

  /// Moves the end of a reservation: what is booked up to its end is booked up to `end` instead, and what lies
  /// beyond an earlier end is given back.
  ///
  /// An earlier end is never refused, not even where more is held than there is.
  ///
  /// - Returns: False where there is no such reservation, or nothing is booked for it.
  /// - Throws: The first shortage of what it would hold more; nothing changes then.
  @discardableResult
  public mutating func move(endOf id: String, to end: Timestamp) throws(Shortage) -> Bool {
    guard var entry = entries[id], let old = entry.end else { return false }
    for index in entry.alternatives.indices {
      entry.alternatives[index] = entry.alternatives[index].compactMap { booking in
        var booking = booking
        let upper = booking.interval.upperBound == old ? end : min(booking.interval.upperBound, end)
        guard booking.interval.lowerBound < upper else { return nil }
        booking.interval = booking.interval.lowerBound..<upper
        return booking
      }
    }
    if end <= old { put(entry, as: id) } else { try replace(id, with: entry) }
    return true
  }

  private mutating func replace(_ id: String, with entry: Entry) throws(Shortage) {
    for alternative in entry.alternatives {
      if let shortage = Envelope.excess(of: alternative) { throw shortage }
    }
    let old = entries[id]
    let more = Envelope.growth(from: old?.alternatives ?? [], to: entry.alternatives)
    put(entry, as: id)
    guard let shortage = shortage(of: more) else { return }
    if let old { put(old, as: id) } else { remove(id) }
    throw shortage
  }

  private mutating func book(_ bookings: [Booking], sign: Int) {
    for booking in bookings where capacities.indices.contains(booking.resource) {
      profiles[booking.resource, default: Profile()].add(sign * booking.counted, over: booking.interval)
      if profiles[booking.resource]?.stepCount == 0 { profiles[booking.resource] = nil }
    }
  }
}

extension Calendar {
  /// Whether there is as much of everything and the same is held; the order in which it was booked does not count.
  public static func == (a: Calendar, b: Calendar) -> Bool { a.capacities == b.capacities && a.entries == b.entries }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(capacities)
    hasher.combine(entries)
  }
}
