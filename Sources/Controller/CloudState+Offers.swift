import Embedding
import Identity
import Planning
import Quantities
import Reservations

extension CloudState {
  /// Forgets offers that have lapsed.
  mutating func lapse(_ now: Timestamp) {
    if offers.contains(where: { now >= $0.value.expires }) { offers.keep { now < $1.expires } }
  }

  /// Holds the offers instead of those held for the same user's infrastructure before.
  ///
  /// Only for so many infrastructures at once as the limits say, or `HeldOffer.usualGroups` for a user: the oldest of
  /// the user's are given up for the new one. Without this, who is refused often enough would book everything.
  ///
  /// - Returns: Nothing where a limit is zero, or a project's is used up by others.
  mutating func hold(
    _ new: [CounterOffer], for caller: Caller, until expires: Timestamp, within limits: [Limit] = []
  ) -> [HeldOffer] {
    guard let name = new.first?.request.name else { return [] }
    drop(OfferGroup(user: caller.user, name: name))
    guard makeRoom(for: caller, limits) else { return [] }
    var number = 0
    return new.map { offer in
      repeat { number += 1 } while offers[number] != nil
      let held = HeldOffer(number: number, offer: offer, expires: expires, caller: caller)
      offers[number] = held
      return held
    }
  }

  /// Gives up the caller's oldest until one more is within the limits; false, and nothing changed, where that does not
  /// help.
  private mutating func makeRoom(for caller: Caller, _ limits: [Limit]) -> Bool {
    var kept = groups()
    var given: [OfferGroup] = []
    func giveUp(down to: Int, _ isCounted: (Caller) -> Bool) -> Bool {
      while kept.count(where: { isCounted($0.caller) }) >= max(1, to) {
        guard let oldest = kept.firstIndex(where: { $0.caller.user == caller.user && isCounted($0.caller) })
        else { return false }
        given.append(kept.remove(at: oldest).group)
      }
      return to > 0
    }
    var ofUser = HeldOffer.usualGroups
    for limit in limits {
      switch limit.holder {
      case .user: ofUser = limit.quota.offers ?? ofUser
      case .project(let name):
        guard let most = limit.quota.offers else { continue }
        guard giveUp(down: most, { $0.project == name }) else { return false }
      }
    }
    guard giveUp(down: ofUser, { $0.user == caller.user }) else { return false }
    for group in given { drop(group) }
    return true
  }

  /// What is held, the oldest first.
  private func groups() -> [(group: OfferGroup, caller: Caller)] {
    var first: [OfferGroup: HeldOffer] = [:]
    for held in offers.values {
      if let known = first[held.group], known.number < held.number { continue }
      first[held.group] = held
    }
    return first.values.sorted { ($0.expires, $0.number) < ($1.expires, $1.number) }.map { ($0.group, $0.caller) }
  }

  private mutating func drop(_ group: OfferGroup) {
    if offers.contains(where: { $0.value.group == group }) { offers.keep { $1.group != group } }
  }

  /// What was offered for it is not wanted any more.
  ///
  /// - Parameter user: Whose; nil is everybody's.
  mutating func dropOffers(for name: Name, of user: String?) {
    for group in groups(for: name, of: user) { drop(group) }
  }

  private func groups(for name: Name, of user: String?) -> Set<OfferGroup> {
    if let user { return [OfferGroup(user: user, name: name)] }
    return Set(offers.values.map(\.group).filter { $0.name == name })
  }

  /// Everything that is promised, as a calendar.
  ///
  /// - Parameters:
  ///   - name: An infrastructure whose own reservation is left out.
  ///   - user: Whose offers for it are left out, too; nil is everybody's.
  func calendar(at now: Timestamp, without name: Name? = nil, of user: String? = nil) -> Calendar {
    var calendar = booked.calendar
    calendar.expire(now)
    if let name {
      calendar.remove(Self.key(name))
      for group in groups(for: name, of: user) { calendar.remove(group.key) }
    }
    return calendar
  }

  /// What the offer lacks beside everything that is promised to others than `user` (nil: than whoever it is held for);
  /// nil where it fits.
  func shortage(of offer: CounterOffer, for user: String? = nil, at now: Timestamp) -> Shortage? {
    let directory = ledger.base.directory
    let bookings = offer.embedding.bookings(of: offer.request, over: offer.interval, on: directory)
    var calendar = calendar(at: now, without: offer.request.name, of: user)
    do throws(Shortage) {
      try calendar.reserve(bookings, as: Self.key(offer.request.name))
      return nil
    } catch { return error }
  }

  /// True where the caller's quotas would let them take it.
  func isWithin(_ limits: [Limit], _ offer: CounterOffer, for caller: Caller, at now: Timestamp) -> Bool {
    let networks = offer.request.networks.enumerated().map { ($1.name, UInt32($0 + 1)) }
    let admission = Admission(
      infrastructure: offer.request, embedding: offer.embedding, number: 1,
      networkNumbers: Dictionary(networks, uniquingKeysWith: { first, _ in first }), vlans: [:],
      portNumbers: PortNumbers(), core: substrate.core)
    let end = offer.interval.upperBound
    let standing = InfrastructureRecord.Standing(
      phase: .reserved, caller: caller, created: now.seconds, starts: offer.interval.lowerBound.seconds,
      ends: end == .distantFuture ? nil : end.seconds, cause: nil)
    do {
      try check(InfrastructureRecord(admission: admission, standing: standing), within: limits, at: now)
      return true
    } catch { return false }
  }

  /// What a record is called in the calendar.
  static func key(_ name: Name) -> String { "infrastructure/\(name)" }
}
