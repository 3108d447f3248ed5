import Quantities

/// Who holds a VLAN: one network of one life of an infrastructure.
///
/// The number tells a network from an earlier one of the same name whose VLANs are still in quarantine.
public struct NetworkOwner: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  public var infrastructure: Name
  public var network: Name
  /// The network's number, unique in the substrate.
  public var number: UInt32

  public init(infrastructure: Name, network: Name, number: UInt32) {
    self.infrastructure = infrastructure
    self.network = network
    self.number = number
  }

  /// `INFRASTRUCTURE/NETWORK`.
  public var description: String { "\(infrastructure)/\(network)" }

  public static func < (a: NetworkOwner, b: NetworkOwner) -> Bool {
    (a.infrastructure, a.network, a.number) < (b.infrastructure, b.network, b.number)
  }
}
