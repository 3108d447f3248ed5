/// What a whole replay came to.
public struct SimulationReport: Hashable, Codable, Sendable {
  public var requests = 0
  public var accepted = 0
  /// Sums over the accepted, each times its lifetime in seconds (infinite lifetimes count once).
  public var revenue = 0.0
  public var cost = 0.0
  /// Seconds a request that the embedder took: mean, median, 99th percentile and largest.
  public var meanEffort = 0.0
  public var medianEffort = 0.0
  public var tailEffort = 0.0
  public var worstEffort = 0.0
  /// Means over arrivals.
  public var nodeUse = 0.0
  public var linkUse = 0.0
  /// How many were refused with each code.
  public var refusals: [String: Int] = [:]

  /// Share of the requests that were accepted, `0 ... 1`.
  public var acceptance: Double { requests == 0 ? 0 : Double(accepted) / Double(requests) }
  /// Long-term revenue for each unit of cost; at most 1 unless nodes share hosts or sites.
  public var revenueToCost: Double { cost == 0 ? 0 : revenue / cost }

  public init(_ outcomes: [Simulation.Outcome]) {
    requests = outcomes.count
    for outcome in outcomes {
      if let refusal = outcome.refusal { refusals[refusal, default: 0] += 1 }
      nodeUse += outcome.nodeUse / Double(outcomes.count)
      linkUse += outcome.linkUse / Double(outcomes.count)
      guard outcome.isAccepted else { continue }
      accepted += 1
      let weight = outcome.lifetime.isFinite ? outcome.lifetime : 1
      revenue += outcome.revenue * weight
      cost += outcome.cost * weight
    }
    let efforts = outcomes.map(\.effort).sorted()
    guard let last = efforts.last else { return }
    meanEffort = efforts.reduce(0, +) / Double(efforts.count)
    medianEffort = efforts[efforts.count / 2]
    tailEffort = efforts[min(efforts.count - 1, efforts.count * 99 / 100)]
    worstEffort = last
  }
}
