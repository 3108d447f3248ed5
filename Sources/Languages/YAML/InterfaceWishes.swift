import Infrastructure
import Quantities

/// Finds which interfaces must be named for all to have the names that they have: the inverse of
/// `InterfaceNaming`.
struct InterfaceWishes {
  /// Nodes whose interfaces must all be named.
  private var nodes: Set<Name> = []

  init(_ infrastructure: VirtualInfrastructure) {
    var names: [Name: [String]] = [:]
    for network in infrastructure.networks {
      var members: Set<Name> = []
      for endpoint in network.endpoints {
        names[endpoint.node, default: []].append(endpoint.interface)
        // A node may be twice in a network only under written interfaces.
        if !members.insert(endpoint.node).inserted { nodes.insert(endpoint.node) }
      }
    }
    for (node, names) in names where !Self.areCounted(names) { nodes.insert(node) }
  }

  /// Whether the reader would not name it so by itself.
  func mustName(_ endpoint: Endpoint) -> Bool {
    nodes.contains(endpoint.node) || !Self.isUsual(endpoint.interface)
  }

  /// The usual names among `names` are `eth0`, `eth1` and so on in this order.
  private static func areCounted(_ names: [String]) -> Bool {
    names.filter(isUsual).enumerated().allSatisfy { $1 == "eth\($0)" }
  }

  private static func isUsual(_ name: String) -> Bool {
    name.hasPrefix("eth") && name.count > 3 && name.dropFirst(3).allSatisfy { $0.isASCII && $0.isNumber }
  }
}
