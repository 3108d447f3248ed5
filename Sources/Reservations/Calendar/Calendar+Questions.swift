import Quantities

extension Calendar {
  /// The first moment at which more than there is of a resource of `bookings`, which are in the calendar, is held; of
  /// several resources at that moment, the one with the lowest number.
  func shortage(of bookings: [Booking]) -> Shortage? {
    let found = bookings.compactMap { excess($0.resource, over: $0.interval) }
    let first = found.min { ($0.interval.lowerBound, $0.resource) < ($1.interval.lowerBound, $1.resource) }
    guard var first else { return nil }
    for other in found where other.resource == first.resource { first.missing = max(first.missing, other.missing) }
    return first
  }

  private func excess(_ resource: Int, over interval: Range<Timestamp>) -> Shortage? {
    guard capacities.indices.contains(resource), let profile = profiles[resource] else { return nil }
    let limit = limit(resource)
    let peak = profile.peak(over: interval)
    guard peak > limit, let start = profile.firstAbove(limit, from: interval.lowerBound, until: interval.upperBound)
    else { return nil }
    let end = profile.firstAtMost(limit, from: start) ?? .distantFuture
    return Shortage(resource: resource, interval: start..<end, missing: UInt64(peak - limit))
  }

  /// What is not limited has room for `Booking.mostHeld` all the same, so that sums stay within 63 bits.
  private func limit(_ resource: Int) -> Int { Int(min(capacities[resource], UInt64(Booking.mostHeld))) }

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

  /// What is held of a resource over the interval: each step with the amount from there to the next,
  /// the first at its start; none where it is empty.
  public func steps(_ resource: Int, over interval: Range<Timestamp>) -> [(time: Timestamp, amount: UInt64)] {
    (profiles[resource] ?? Profile()).steps(over: interval).map { ($0.time, UInt64(max(0, $0.amount))) }
  }

  /// Resources that are held beyond their capacity at some moment of the interval, by number: the substrate shrank.
  public func overbooked(over interval: Range<Timestamp>) -> [Shortage] {
    profiles.keys.sorted().compactMap { excess($0, over: interval) }
  }

  /// The first moment of the interval at which less than `amount` of a resource is free, until when, and how much is
  /// missing at the worst; nil where there is enough throughout.
  public func shortage(_ resource: Int, amount: UInt64, over interval: Range<Timestamp>) -> Shortage? {
    guard capacities.indices.contains(resource) else { return nil }
    let most = limit(resource) - Int(min(amount, Booking.most))
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
  ///   - demands: Amounts by resource, each resource once.
  ///   - duration: Seconds.
  ///   - latest: No start after this one is looked for.
  ///   - rounds: Jumps to make before it gives up; each takes O(log n).
  public func fit(
    _ demands: [(resource: Int, amount: UInt64)], from start: Timestamp, until latest: Timestamp = .distantFuture,
    duration: Int64, rounds: Int = 10_000
  ) -> Fit {
    var (start, rounds) = (start, rounds)
    while true {
      var next = start
      for (resource, amount) in demands where capacities.indices.contains(resource) {
        let most = limit(resource) - Int(min(amount, Booking.most))
        if most < 0 { return .never }
        guard let profile = profiles[resource] else { continue }
        let fit = profile.firstFit(most, from: next, duration: duration, rounds: &rounds)
        guard case .start(let found) = fit else { return fit }
        if found > latest { return .never }
        next = found
      }
      if next == start { return .start(start) }
      start = next
    }
  }

  /// The first start from `start` on at which all of `demands` have room for the whole duration; nil where there is
  /// none, or it was not found within `rounds`. See `fit`.
  public func firstFit(
    _ demands: [(resource: Int, amount: UInt64)], from start: Timestamp, duration: Int64, rounds: Int = 10_000
  ) -> Timestamp? {
    guard case .start(let found) = fit(demands, from: start, duration: duration, rounds: rounds) else { return nil }
    return found
  }
}
