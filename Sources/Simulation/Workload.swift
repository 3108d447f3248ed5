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

/// What requests bring in and what their embeddings take, the measures of the field (M. Yu, Y. Yi, J. Rexford and
/// M. Chiang, *Rethinking Virtual Network Embedding*, CCR 2008; A. Fischer et al., *Virtual Network Embedding: A
/// Survey*, IEEE Communications Surveys & Tutorials 2013).
public enum Measure {
  /// Cores of all nodes, and Mbit/s of all networks: of a wire the mean of both directions, of a segment its rate
  /// for every member but one.
  public static func revenue(of request: VirtualInfrastructure) -> Double {
    request.networks.reduce(cores(of: request)) { sum, network in
      sum + rate(of: network) * Double(max(1, network.endpoints.count - 1))
    }
  }

  /// Cores of all nodes, and Mbit/s of all networks for every core link that they take.
  ///
  /// - Parameter crossings: Core links that a network takes.
  public static func cost(of request: VirtualInfrastructure, crossings: (Name) -> Int) -> Double {
    request.networks.reduce(cores(of: request)) { sum, network in
      sum + rate(of: network) * Double(crossings(network.name))
    }
  }

  private static func cores(of request: VirtualInfrastructure) -> Double {
    request.nodes.reduce(0) { $0 + Double($1.cpu.thousandths) / 1000 }
  }

  private static func rate(of network: Network) -> Double {
    (Double(network.minimum) + Double(network.reverseMinimum)) / 2e6
  }
}
