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
  public private(set) var entries: [String: Entry] = [:]
  private var profiles: [Int: Profile] = [:]
  private var lapses = LapseQueue()

  /// A calendar in which nothing is held.
  public init(capacities: [UInt64]) { self.capacities = capacities }

  /// Puts an entry in, whether or not there is room: what was promised before stays promised, also where the
  /// substrate shrank since. An entry of that name is replaced.
  public mutating func put(_ entry: Entry, as id: String) {
    remove(id)
    book(entry.bookings, sign: 1)
    entries[id] = entry
    if let expires = entry.expires { lapses.add(expires, id) }
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
    guard let entry = entries.removeValue(forKey: id) else { return false }
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
  /// - Throws: The first shortage; nothing changes then.
  public mutating func move(endOf id: String, to end: Timestamp) throws(Shortage) {
    guard var entry = entries[id], let old = entry.end, end != old else { return }
    for index in entry.alternatives.indices {
      entry.alternatives[index] = entry.alternatives[index].compactMap { booking in
        var booking = booking
        let upper = booking.interval.upperBound == old ? end : min(booking.interval.upperBound, end)
        guard booking.interval.lowerBound < upper else { return nil }
        booking.interval = booking.interval.lowerBound..<upper
        return booking
      }
    }
    try replace(id, with: entry)
  }

  private mutating func replace(_ id: String, with entry: Entry) throws(Shortage) {
    let old = entries[id]
    put(entry, as: id)
    guard let shortage = shortage(of: entry.bookings) else { return }
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
  /// The first moment at which a resource of `bookings`, which are in the calendar, is held beyond its capacity.
  private func shortage(of bookings: [Booking]) -> Shortage? {
    var first: Shortage?
    for booking in bookings {
      guard let found = excess(booking.resource, over: booking.interval) else { continue }
      if found.interval.lowerBound < first?.interval.lowerBound ?? .distantFuture { first = found }
    }
    return first
  }

  private func excess(_ resource: Int, over interval: Range<Timestamp>) -> Shortage? {
    guard let limit = limit(resource), let profile = profiles[resource] else { return nil }
    let peak = profile.peak(over: interval)
    guard peak > limit, let start = profile.firstAbove(limit, from: interval.lowerBound, until: interval.upperBound)
    else { return nil }
    let end = profile.firstAtMost(limit, from: start) ?? .distantFuture
    return Shortage(resource: resource, interval: start..<end, missing: UInt64(peak - limit))
  }

  /// Nil where it is not limited.
  private func limit(_ resource: Int) -> Int? {
    guard capacities.indices.contains(resource), capacities[resource] != .max else { return nil }
    return Int(min(capacities[resource], UInt64(Int.max)))
  }

  /// The most that is held of a resource at any moment of the interval.
  public func peak(_ resource: Int, over interval: Range<Timestamp>) -> UInt64 {
    UInt64(max(0, profiles[resource]?.peak(over: interval) ?? 0))
  }

  /// The most that is held of each resource at any moment of the interval, by number.
  public func peaks(over interval: Range<Timestamp>) -> [UInt64] {
    var peaks = [UInt64](repeating: 0, count: capacities.count)
    for (resource, profile) in profiles { peaks[resource] = UInt64(max(0, profile.peak(over: interval))) }
    return peaks
  }

  /// What is held of a resource over the interval: each step with the amount from there to the next.
  public func steps(_ resource: Int, over interval: Range<Timestamp>) -> [(time: Timestamp, amount: UInt64)] {
    (profiles[resource]?.steps(over: interval) ?? []).map { ($0.time, UInt64(max(0, $0.amount))) }
  }

  /// Resources that are held beyond their capacity at some moment of the interval, by number: the substrate shrank.
  public func overbooked(over interval: Range<Timestamp>) -> [Shortage] {
    profiles.keys.sorted().compactMap { excess($0, over: interval) }
  }

  /// The first moment of the interval at which less than `amount` of a resource is free, until when, and how much is
  /// missing at the worst; nil where there is enough throughout.
  public func shortage(_ resource: Int, amount: UInt64, over interval: Range<Timestamp>) -> Shortage? {
    guard let limit = limit(resource) else { return nil }
    let most = limit - Int(min(amount, Booking.most))
    let profile = profiles[resource] ?? Profile()
    guard let start = profile.firstAbove(most, from: interval.lowerBound, until: interval.upperBound) else {
      return nil
    }
    let end = most < 0 ? Timestamp.distantFuture : profile.firstAtMost(most, from: start) ?? .distantFuture
    return Shortage(resource: resource, interval: start..<end, missing: UInt64(profile.peak(over: interval) - most))
  }

  /// The first start from `start` on at which all of `demands` have room for the whole duration.
  ///
  /// - Parameters:
  ///   - demands: Amounts by resource.
  ///   - duration: Seconds.
  ///   - rounds: Jumps to make before it gives up.
  /// - Returns: Nil where one of them never has room, or the rounds ran out.
  public func firstFit(
    _ demands: [(resource: Int, amount: UInt64)], from start: Timestamp, duration: Int64, rounds: Int = 10_000
  ) -> Timestamp? {
    var start = start
    for _ in 0..<rounds {
      var next = start
      for (resource, amount) in demands {
        guard let limit = limit(resource) else { continue }
        let most = limit - Int(min(amount, Booking.most))
        if most < 0 { return nil }
        guard let profile = profiles[resource] else { continue }
        guard let fit = profile.firstFit(most, from: next, duration: duration) else { return nil }
        next = fit
      }
      if next == start { return start }
      start = next
    }
    return nil
  }
}

/// Holds by the moment at which they lapse; one that was ended otherwise stays in until then.
private struct LapseQueue: Hashable {
  private struct Lapse: Hashable {
    var time: Timestamp
    var id: String
  }

  private var heap: [Lapse] = []

  mutating func add(_ time: Timestamp, _ id: String) {
    heap.append(Lapse(time: time, id: id))
    var child = heap.count - 1
    while child > 0, heap[child].time < heap[(child - 1) / 2].time {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next(until now: Timestamp) -> (Timestamp, String)? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let children = (2 * parent + 1)..<min(2 * parent + 3, max(2 * parent + 1, heap.count))
      guard let child = children.min(by: { heap[$0].time < heap[$1].time }), heap[child].time < heap[parent].time
      else { return (first.time, first.id) }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
