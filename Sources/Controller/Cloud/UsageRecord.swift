import Embedding
import Infrastructure
import Planning
import Quantities

/// What an infrastructure took from its start to its end, or to now: the base of `virtcloud usage`.
public struct UsageRecord: Codable, Hashable, Sendable {
  public var name: Name
  public var caller: Caller
  public var start: Timestamp
  public var end: Timestamp
  public var nodes: Int
  /// Cores times seconds.
  public var coreSeconds: Double
  /// Bytes times seconds.
  public var memorySeconds: Double
  /// Bits that were promised: rates times the core links that they cross, times seconds, each direction.
  public var promisedBits: Double
  /// In the units of the substrate's prices.
  public var cost: Double
}

extension UsageRecord {
  /// What the record's infrastructure has taken until `end`; timelines count by their peak.
  init(_ record: InfrastructureRecord, until end: Timestamp, on view: SubstrateView) {
    let request = record.admission.infrastructure.peak(within: nil)
    let embedding = record.admission.embedding
    let start = min(record.interval.lowerBound, end)
    let seconds = Double((end - start).components.seconds)
    let bits = request.networks.reduce(0.0) { sum, network in
      let links = Double(embedding.trees[network.name]?.links.count ?? 0)
      let forward = Double(network.rate.minimum?.bitsPerSecond ?? 0)
      let reverse = Double((network.reverseRate ?? network.rate).minimum?.bitsPerSecond ?? 0)
      return sum + links * (forward + reverse)
    }
    self.init(
      name: record.name, caller: record.standing.caller, start: start, end: end, nodes: request.nodes.count,
      coreSeconds: request.nodes.reduce(0.0) { $0 + Double($1.cpu.thousandths) / 1000 } * seconds,
      memorySeconds: request.nodes.reduce(0.0) { $0 + Double($1.memory.bytes) } * seconds,
      promisedBits: bits * seconds, cost: Measure.price(of: embedding, request, on: view) * seconds / 3600)
  }
}
