import Embedding
import Infrastructure
import Quantities
import Reservations

extension Embedding {
  /// What the calendar books for the embedding over `interval`: for each phase of the request what it asks for then.
  public func bookings(
    of request: VirtualInfrastructure, over interval: Range<Timestamp>, on directory: SubstrateDirectory
  ) -> [Booking] {
    let duration = interval.upperBound == .distantFuture ? nil : interval.upperBound - interval.lowerBound
    return request.phases(within: duration).flatMap { phase -> [Booking] in
      let begin = interval.lowerBound + phase.begin
      let end = phase.end.map { min(interval.lowerBound + $0, interval.upperBound) } ?? interval.upperBound
      guard begin < end else { return [] }
      return demands(of: phase.infrastructure, on: directory).map {
        Booking(directory.numbers[$0.resource], begin..<end, $0.amount)
      }
    }
  }
}

extension SubstrateView {
  /// The same substrate with what the calendar says is held at most at any moment of the interval.
  public func over(_ interval: Range<Timestamp>, in calendar: Calendar) -> SubstrateView {
    holding(calendar.peaks(over: interval))
  }
}
