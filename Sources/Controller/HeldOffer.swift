import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// A counter-offer that is kept for whoever asked, until it lapses by itself.
public struct HeldOffer: Hashable, Codable, Sendable {
  /// How it is taken: `virtcloud up --offer NUMBER`.
  public var number: Int
  public var offer: CounterOffer
  public var expires: Timestamp

  /// How long an offer is held.
  public static let time = Duration.seconds(600)
}

/// A refusal with what could be had instead, the nearest to the request first.
public struct Declined: Error, Sendable {
  public var problem: Problem
  public var offers: [CounterOffer]
  /// The same with their numbers; empty where they are not held, for it was only asked.
  public var held: [HeldOffer]
}

extension CloudState {
  /// Forgets offers that have lapsed.
  mutating func lapse(_ now: Timestamp) {
    if offers.contains(where: { now >= $0.value.expires }) { offers.keep { now < $1.expires } }
  }

  /// Holds the offers instead of those held for the same infrastructure before.
  mutating func hold(_ new: [CounterOffer], until expires: Timestamp) -> [HeldOffer] {
    guard let name = new.first?.request.name else { return [] }
    dropOffers(for: name)
    var number = 0
    return new.map { offer in
      repeat { number += 1 } while offers[number] != nil
      let held = HeldOffer(number: number, offer: offer, expires: expires)
      offers[number] = held
      return held
    }
  }

  /// What was offered for it is not wanted any more.
  mutating func dropOffers(for name: Name) {
    if offers.contains(where: { $0.value.offer.request.name == name }) { offers.keep { $1.offer.request.name != name } }
  }

  /// Everything that is promised, as a calendar.
  ///
  /// - Parameter name: An infrastructure whose own reservation and offers are left out.
  func calendar(at now: Timestamp, without name: Name? = nil) -> Calendar {
    var calendar = booked.calendar
    calendar.expire(now)
    if let name {
      calendar.remove(Self.key(name))
      calendar.remove("offers/\(name)")
    }
    return calendar
  }

  /// What the offer lacks beside everything that is promised to others; nil where it fits.
  func shortage(of offer: CounterOffer, at now: Timestamp) -> Shortage? {
    let directory = ledger.base.directory
    let bookings = offer.embedding.bookings(of: offer.request, over: offer.interval, on: directory)
    var calendar = calendar(at: now, without: offer.request.name)
    do throws(Shortage) {
      try calendar.reserve(bookings, as: Self.key(offer.request.name))
      return nil
    } catch { return error }
  }

  /// What a record is called in the calendar.
  static func key(_ name: Name) -> String { "infrastructure/\(name)" }
}
