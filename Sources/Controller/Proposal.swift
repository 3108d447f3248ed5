import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// What an `up` would do, or did.
public struct Proposal: Sendable {
  public var admission: Admission
  public var rows: [NodeRow]
  /// When its lease starts and ends; `.distantFuture` where it has no end.
  public var interval: Range<Timestamp>
  /// What it is beside what runs: new, changed, or the same.
  public var change: Change
  /// The substrate with the most that all others hold at any moment of the interval.
  public var view: SubstrateView
  /// What every network is promised and allowed at the beginning.
  public var networks: [NetworkRow]

  public enum Change: String, Codable, Sendable {
    case new, changed, unchanged
  }
}

/// When somebody wants something, where the file does not say it, or shall not.
public struct When: Sendable {
  public var start: Timestamp?
  public var duration: Duration?

  public init(start: Timestamp? = nil, duration: Duration? = nil) {
    self.start = start
    self.duration = duration
  }

  /// The request with these times instead of its own.
  public func applied(to request: VirtualInfrastructure) -> VirtualInfrastructure {
    var request = request
    request.lease.start = start ?? request.lease.start
    request.lease.duration = duration ?? request.lease.duration
    return request
  }
}
