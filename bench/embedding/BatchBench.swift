import Embedding
import Foundation
import Infrastructure
import Languages
import Planning
import Quantities
import Reservations

/// The VXDL batch: every request on each substrate, at once, and within a day when counter-offers are taken.
enum BatchBench {
  private static let start = Timestamp(seconds: 1_800_000_000)
  private static let day = start + .seconds(86_400)

  static func run(folder: String) throws {
    for number in 0..<2 {
      let substrate = try document("\(folder)/physical/\(number).xml").substrate().substrate
      var requests: [VirtualInfrastructure] = []
      for index in 0..<50 {
        var request = try document("\(folder)/virtual/\(index).xml").infrastructure().infrastructure
        request.name = try Name(parsing: "r\(index)")
        request.lease.start = nil
        requests.append(request)
      }
      let asked = try batch(requests, on: substrate)
      // The same without their places, for the substrate lacks some that are asked for.
      let anywhere = try batch(requests.map(withoutPlaces), on: substrate)
      try printLine([
        ("substrate", number), ("requests", requests.count), ("at_once", asked.atOnce), ("in_a_day", asked.inADay),
        ("offers", asked.offers), ("anywhere_at_once", anywhere.atOnce), ("anywhere_in_a_day", anywhere.inADay),
        ("anywhere_offers", anywhere.offers), ("ms_request", asked.milliseconds / Double(requests.count)),
      ])
    }
  }

  private static func document(_ file: String) throws -> VXDLDocument {
    try VXDLReader.read(text: [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), file: file)
  }

  private static func withoutPlaces(_ request: VirtualInfrastructure) -> VirtualInfrastructure {
    var request = request
    for index in request.nodes.indices { request.nodes[index].location = nil }
    return request
  }

  private static func batch(
    _ requests: [VirtualInfrastructure], on substrate: Substrate
  ) throws -> (atOnce: Int, inADay: Int, offers: [String: Int], milliseconds: Double) {
    let view = SubstrateView(substrate)
    let embedder = SearchEmbedder()
    var atOnce = 0
    var all = Reservations.Calendar(capacities: view.capacity)
    var taken: [(embedding: Embedding, request: VirtualInfrastructure, interval: Range<Timestamp>)] = []
    var offers: [String: Int] = [:]
    var now = Reservations.Calendar(capacities: view.capacity)
    let clock = ContinuousClock()
    var spent = Duration.zero
    for request in requests {
      let interval = start..<start + (request.lease.duration ?? .seconds(14_400))
      if let embedding = try? embedder.place(request, on: view.over(interval, in: now), keeping: nil) {
        atOnce += 1
        try now.reserve(embedding.bookings(of: request, over: interval, on: view.directory), as: "\(request.name)")
      }
      spent += clock.measure {
        guard let found = choose(request, interval, view, all, embedder) else { return }
        offers[found.kind, default: 0] += 1
        all.put(
          Reservations.Calendar.Entry(alternatives: [
            found.embedding.bookings(of: found.request, over: found.interval, on: view.directory)
          ]),
          as: "\(request.name)")
        taken.append((found.embedding, found.request, found.interval))
      }
    }
    let faults = EmbeddingCheck.violations(in: taken, on: substrate)
    precondition(faults.isEmpty, "\(faults)")
    return (atOnce, taken.count, offers, spent.milliseconds)
  }

  /// As asked, else the nearest counter-offer that ends within the day and is not shorter.
  private static func choose(
    _ request: VirtualInfrastructure, _ interval: Range<Timestamp>, _ view: SubstrateView,
    _ calendar: Reservations.Calendar,
    _ embedder: SearchEmbedder
  ) -> (kind: String, request: VirtualInfrastructure, embedding: Embedding, interval: Range<Timestamp>)? {
    if let embedding = try? embedder.place(request, on: view.over(interval, in: calendar), keeping: nil) {
      return ("as asked", request, embedding, interval)
    }
    let offers = CounterOfferSearch(view, calendar, embedder).offers(for: request, over: interval)
    return offers.first { $0.kind != .shorter && $0.interval.upperBound <= day }.map {
      ($0.kind.rawValue, $0.request, $0.embedding, $0.interval)
    }
  }
}
