import Infrastructure
import Quantities

/// A number for every port of an infrastructure that stays the same while the infrastructure changes.
///
/// The numbers become the last two octets of MAC addresses, so a node that stays keeps its addresses.
public struct PortNumbers: Codable, Hashable, Sendable {
  /// Ports that one infrastructure can have.
  public static let capacity = 65536

  /// By node and interface; each number once.
  public private(set) var numbers: [Name: [String: UInt16]] = [:]

  public init() {}

  /// Number of a port; nil where it has none yet.
  public func number(of node: Name, _ interface: String) -> UInt16? { numbers[node]?[interface] }

  /// Takes the numbers of ports that are gone, and gives new ports the lowest unused ones in the order of
  /// networks and endpoints. Applying it twice changes nothing.
  ///
  /// - Throws: `Problem` of kind `.refused` beyond 65,536 ports; then nothing has changed.
  public mutating func update(for infrastructure: VirtualInfrastructure) throws(Problem) {
    let count = infrastructure.networks.reduce(0) { $0 + $1.endpoints.count }
    guard count <= Self.capacity else {
      throw Problem(
        .refused, "too-many-ports",
        "infrastructure \(infrastructure.name) has \(count) ports, but one infrastructure has room for \(Self.capacity)",
        remedy: "Split it into several infrastructures.")
    }
    var kept: [Name: [String: UInt16]] = [:]
    var taken: Set<UInt16> = []
    for endpoint in infrastructure.networks.lazy.flatMap(\.endpoints) {
      guard let number = number(of: endpoint.node, endpoint.interface) else { continue }
      kept[endpoint.node, default: [:]][endpoint.interface] = number
      taken.insert(number)
    }
    var next = 0
    for endpoint in infrastructure.networks.lazy.flatMap(\.endpoints)
    where kept[endpoint.node]?[endpoint.interface] == nil {
      while taken.contains(UInt16(next)) { next += 1 }
      kept[endpoint.node, default: [:]][endpoint.interface] = UInt16(next)
      next += 1
    }
    numbers = kept
  }
}
