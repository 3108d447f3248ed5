import API
import Planning
import Quantities

/// The last plans that a controller gave, and what holds of them when none is heard of any more. A value; pure.
struct KeptPlans: Codable, Sendable {
  /// Its `plans` are there always.
  var document: PlansDocument
  /// When it came.
  var received: HostMoment
  /// Ends of leases that were obeyed, by number: nobody who says the same end again begins the slice anew.
  var obeyed: [String: Int64] = [:]

  private static let second: Int64 = 1_000_000_000

  /// Slices that must not be here any more, by number.
  ///
  /// A lease ends by the controller's clock, counted on from what it said; only where the machine was started anew
  /// since, the wall clock has to do. It is obeyed when no controller has been heard of for two polls. A slice with a fence goes when `contact` (when the last request that was answered
  /// was sent) is that long ago; where that is not known, it may be elsewhere already.
  func over(at now: HostMoment, contact: HostMoment?) -> Set<UInt32> {
    var result: Set<UInt32> = []
    for (number, left) in remaining(at: now, contact: contact) where left <= 0 { result.insert(number) }
    return result.union(obeyed.compactMap { key, end in document.leaseEnds[key] == end ? UInt32(key) : nil })
  }

  /// Notes which leases are over; true where one is that was not before.
  mutating func obeyLeases(at now: HostMoment, contact: HostMoment?) -> Bool {
    let before = obeyed
    for (key, end) in document.leaseEnds where leaseLeft(until: end, at: now, contact: contact) <= 0 {
      obeyed[key] = end
    }
    return obeyed != before
  }

  /// Nanoseconds until the next slice is over; nil where none will be.
  func nextEnd(at now: HostMoment, contact: HostMoment?) -> Int64? {
    remaining(at: now, contact: contact).map(\.left).filter { $0 > 0 }.min()
  }

  /// The plans without what is over.
  func plans(without over: Set<UInt32>) -> [HostPlan] {
    (document.plans ?? []).map { plan in
      var plan = plan
      plan.slices.removeAll { over.contains($0.number) }
      plan.tunnels.removeAll { over.contains($0.infrastructure) }
      return plan
    }
  }

  /// The shortest fence in seconds; nil where there is none.
  var shortestFence: Int64? { document.fences.values.min() }

  private func remaining(at now: HostMoment, contact: HostMoment?) -> [(number: UInt32, left: Int64)] {
    let silence = contact.flatMap { now.elapsed(since: $0) }
    let leases = document.leaseEnds.compactMap { key, end -> (UInt32, Int64)? in
      guard obeyed[key] != end else { return nil }
      return UInt32(key).map { ($0, leaseLeft(until: end, at: now, contact: contact)) }
    }
    let fences = document.fences.compactMap { key, seconds in
      UInt32(key).map { ($0, silence.map { Self.nanoseconds(seconds) - $0 } ?? 0) }
    }
    return leases + fences
  }

  /// While a controller is heard of, it ends leases itself, and may have moved one just now.
  private func leaseLeft(until end: Int64, at now: HostMoment, contact: HostMoment?) -> Int64 {
    let silence = contact.flatMap { now.elapsed(since: $0) }
    let patience = silence.map { Self.nanoseconds(2 * min(max(document.poll, 1), 60) + 5) - $0 } ?? 0
    return max(patience, left(until: end, at: now))
  }

  private func left(until end: Int64, at now: HostMoment) -> Int64 {
    // No moment that can be written is further away.
    let end = max(0, min(end, Timestamp.latest.seconds))
    guard let sinceReceived = now.elapsed(since: received) else { return Self.nanoseconds(end - now.wall) }
    return Self.nanoseconds(end - max(0, min(document.time, Timestamp.latest.seconds))) - sinceReceived
  }

  /// At most 100 years, so that nothing overflows.
  private static func nanoseconds(_ seconds: Int64) -> Int64 {
    max(-3_155_760_000, min(seconds, 3_155_760_000)) * second
  }
}
