import Algorithms
import Embedding
import Infrastructure
import Quantities

/// Replays a workload on a substrate: each request is let in when it comes, or refused for good.
public struct Simulation {
  /// What became of one request.
  public struct Outcome: Hashable, Codable, Sendable {
    public var name: Name
    /// Seconds from the beginning.
    public var time: Double
    public var isAccepted: Bool
    /// Why not; the refusal's code.
    public var refusal: String?
    public var revenue, cost: Double
    /// Seconds that it stays.
    public var lifetime: Double
    /// Seconds that the embedder took.
    public var effort: Double
    /// Share of all cores, and of all core links' rate, that is held after this request.
    public var nodeUse, linkUse: Double
  }

  private let embedder: any Embedder
  private var view: SubstrateView
  private var departures = BinaryHeap<Departure>()
  /// Whether every embedding is added up by the independent check.
  private let checks: Bool
  private var coresHeld = 0.0
  private var rateHeld = 0.0
  private let coresThere: Double
  private let rateThere: Double

  public init(_ substrate: Substrate, _ embedder: any Embedder, checking checks: Bool = true) {
    view = SubstrateView(substrate)
    self.embedder = embedder
    self.checks = checks
    coresThere = substrate.hosts.reduce(0) { $0 + Double($1.cpu.thousandths) / 1000 }
    rateThere = substrate.links.reduce(0) { $0 + Double($1.rate?.bitsPerSecond ?? 0) / 1e6 }
  }

  /// Lets time pass up to the arrival and tries it.
  ///
  /// - Throws: `Problem` of kind `.failed` where the check finds a fault in an embedding.
  public mutating func replay(_ arrival: Workload.Arrival) throws(Problem) -> Outcome {
    while let next = departures.first, next.time <= arrival.time, let gone = departures.pop() { depart(gone) }
    let request = arrival.request
    let clock = ContinuousClock()
    let start = clock.now
    let answer = Result { () throws(Refusal) in try embedder.place(request, on: view, keeping: nil) }
    let effort = start.duration(to: clock.now).inSeconds
    let revenue = Measure.revenue(of: request)
    var outcome = Outcome(
      name: request.name, time: arrival.time, isAccepted: false, refusal: nil, revenue: revenue, cost: 0,
      lifetime: arrival.lifetime, effort: effort, nodeUse: 0, linkUse: 0)
    switch answer {
    case .failure(let refusal): outcome.refusal = refusal.problem.code
    case .success(let embedding):
      if checks { try check(embedding, request) }
      outcome.isAccepted = true
      outcome.cost = Measure.cost(of: request) { embedding.trees[$0]?.links.count ?? 0 }
      view.occupy(embedding, of: request)
      let cores = request.nodes.reduce(0) { $0 + Double($1.cpu.thousandths) / 1000 }
      departures.push(
        Departure(
          time: arrival.time + arrival.lifetime, embedding: embedding, request: request, cores: cores,
          rate: outcome.cost - cores))
      coresHeld += cores
      rateHeld += outcome.cost - cores
    }
    outcome.nodeUse = coresThere > 0 ? coresHeld / coresThere : 0
    outcome.linkUse = rateThere > 0 ? rateHeld / rateThere : 0
    return outcome
  }

  private mutating func depart(_ gone: Departure) {
    view.vacate(gone.embedding, of: gone.request)
    coresHeld -= gone.cores
    rateHeld -= gone.rate
  }

  private func check(_ embedding: Embedding, _ request: VirtualInfrastructure) throws(Problem) {
    let faults = EmbeddingCheck.violations(of: embedding, for: request, on: view)
    guard let first = faults.first else { return }
    throw Problem(
      .failed, "embedding-wrong", "The embedding of \(request.name) breaks a rule: \(first).",
      remedy: "This is a fault of the embedder; report it with the workload and the seed.")
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// An infrastructure that leaves; the earlier comes first.
private struct Departure: Comparable {
  var time: Double
  var embedding: Embedding
  var request: VirtualInfrastructure
  var cores, rate: Double

  static func < (a: Departure, b: Departure) -> Bool { a.time < b.time }
  static func == (a: Departure, b: Departure) -> Bool { a.time == b.time && a.request.name == b.request.name }
}
