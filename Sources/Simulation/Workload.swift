import Infrastructure
import Quantities

/// Requests that come and go on a substrate.
public struct Workload: Sendable {
  /// A request, when it comes, and how long it stays once it is let in.
  public struct Arrival: Sendable {
    /// Seconds from the beginning, not falling from one arrival to the next.
    public var time: Double
    /// Seconds; infinite stays for ever.
    public var lifetime: Double
    public var request: VirtualInfrastructure

    public init(time: Double, lifetime: Double, request: VirtualInfrastructure) {
      self.time = time
      self.lifetime = lifetime
      self.request = request
    }
  }

  /// Nil where the workload does not bring one.
  public var substrate: Substrate?
  public var arrivals: [Arrival]

  public init(substrate: Substrate?, arrivals: [Arrival]) {
    self.substrate = substrate
    self.arrivals = arrivals
  }
}
