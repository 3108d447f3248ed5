import Controller
import Embedding
import Infrastructure
import Planning
import Quantities

extension ProposalDocument {
  /// Measures and prices are rounded to three decimal places.
  public init(_ proposal: Proposal) {
    let request = proposal.admission.infrastructure
    let peak = request.peak(within: nil)
    let embedding = proposal.admission.embedding
    self.init(
      name: request.name, change: proposal.change, start: proposal.interval.lowerBound,
      end: proposal.interval.upperBound.ifFinite, revenue: Measure.revenue(of: peak).rounded(places: 3),
      cost: Measure.cost(of: peak) { embedding.trees[$0]?.links.count ?? 0 }.rounded(places: 3),
      pricePerHour: Measure.price(of: embedding, peak, on: proposal.view).rounded(places: 3), nodes: proposal.rows,
      networks: proposal.networks, resources: ResourceDocument.rows(of: proposal),
      phases: PhaseDocument.rows(of: proposal), embedding: embedding)
  }
}

extension ResourceDocument {
  /// What the embedding holds of each resource, and what is left of it at the fullest moment.
  public static func rows(of proposal: Proposal) -> [ResourceDocument] {
    let request = proposal.admission.infrastructure.peak(within: nil)
    let view = proposal.view
    return proposal.admission.embedding.demands(of: request, on: view.directory).compactMap { demand in
      if case .tenancy = demand.resource { return nil }
      let number = view.directory.numbers[demand.resource]
      func text(_ amount: UInt64) -> String { Substrate.text(amount, of: demand.resource) }
      let (capacity, used) = (view.capacity[number], view.used[number])
      let left = capacity > used &+ demand.amount ? capacity - used - demand.amount : 0
      let isLimited = capacity != .max
      return ResourceDocument(
        resource: view.substrate.name(of: demand.resource), capacity: isLimited ? text(capacity) : nil,
        held: text(used), taken: text(demand.amount), left: isLimited ? text(left) : nil)
    }
  }
}

extension OfferDocument {
  /// `held` is given where the offer is held under a number.
  public init(_ offer: CounterOffer, held: HeldOffer? = nil) {
    self.init(
      number: held?.number, name: offer.request.name, kind: offer.kind, difference: offer.difference,
      start: offer.interval.lowerBound, end: offer.interval.upperBound.ifFinite,
      distance: offer.distance.rounded(places: 3), expires: held?.expires)
  }

  /// An offer that is held, with its number and end.
  public init(_ held: HeldOffer) { self.init(held.offer, held: held) }
}

extension Timestamp {
  /// Nil where it never comes.
  var ifFinite: Timestamp? { self == .distantFuture ? nil : self }
}

extension Double {
  func rounded(places: Int) -> Double {
    let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
    return (self * scale).rounded() / scale
  }
}
