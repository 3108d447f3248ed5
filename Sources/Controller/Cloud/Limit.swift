import Embedding
import Identity
import Infrastructure
import Planning
import Quantities

/// A quota that an order has to keep to.
public struct Limit: Hashable, Sendable {
  /// Whose infrastructures count.
  public enum Holder: Hashable, Sendable {
    case user(String)
    case project(Name)
  }

  public var holder: Holder
  public var quota: Quota

  public init(_ holder: Holder, _ quota: Quota) { (self.holder, self.quota) = (holder, quota) }
}

extension Limit.Holder: CustomStringConvertible {
  /// As messages name it.
  public var description: String {
    switch self {
    case .user(let name): "user \(name)"
    case .project(let name): "project \(name)"
    }
  }
}

extension Usage {
  /// What a record reserves, at its peak; its lease and how far it starts ahead of `time`.
  init(_ record: InfrastructureRecord, at time: Timestamp? = nil) {
    self.init()
    let request = record.admission.infrastructure.peak(within: nil)
    let trees = record.admission.embedding.trees
    infrastructures = 1
    nodes = request.nodes.count
    networks = request.networks.count
    for node in request.nodes {
      cpu = Cores(thousandths: cpu.thousandths + node.cpu.thousandths)
      memory = ByteCount(bytes: memory.bytes + node.memory.bytes)
      storage = ByteCount(bytes: storage.bytes + node.storage.bytes)
    }
    vlans = record.admission.owners.reduce(0) { $0 + $1.sites.count }
    for network in request.networks {
      let links = UInt64(trees[network.name]?.links.count ?? 0)
      let forward = network.rate.minimum?.bitsPerSecond ?? 0
      let reverse = (network.reverseRate ?? network.rate).minimum?.bitsPerSecond ?? 0
      coreRate = Bitrate(bitsPerSecond: coreRate.bitsPerSecond &+ links &* (forward &+ reverse))
    }
    guard let time else { return }
    let interval = record.interval
    longestLease =
      interval.upperBound == .distantFuture ? .seconds(Int64.max / 1000) : interval.upperBound - interval.lowerBound
    startsAhead = interval.lowerBound > time ? interval.lowerBound - time : .zero
  }
}

extension CloudState {
  /// Throws `quota-exceeded` where the record, new or changed, goes beyond a limit.
  func check(_ record: InfrastructureRecord, within limits: [Limit], at time: Timestamp) throws {
    guard !limits.isEmpty else { return }
    let asked = Usage(record, at: time)
    for limit in limits {
      var (used, replaced) = (Usage(), Usage())
      for other in records.values where other.isHeld(by: limit.holder) && other.standing.phase != .ending {
        let usage = Usage(other)
        used += usage
        if other.name == record.name { replaced = usage }
      }
      if let problem = limit.quota.shortage(
        of: asked, used: used, replacing: replaced, holder: limit.holder.description)
      {
        throw problem
      }
    }
  }
}

extension InfrastructureRecord {
  /// True where it counts for that holder.
  func isHeld(by holder: Limit.Holder) -> Bool {
    switch holder {
    case .user(let name): standing.caller.user == name
    case .project(let name): standing.caller.project == name
    }
  }
}
