import Infrastructure
import Quantities

/// A node's routes beside the connected ones.
enum Routes {
  /// The node's own routes, then a default route a family from the first interface that has a gateway of
  /// it; none where the node's own routes have a default of that family.
  static func of(_ node: Node, _ endpoints: [Endpoint]) -> [RoutePlan] {
    var routes = node.routes.map { RoutePlan(destination: $0.destination, gateway: $0.gateway) }
    let own = endpoints.flatMap { $0.addresses.map(\.address) }
    for gateway in endpoints.flatMap(\.gateways) where !own.contains(gateway) {
      let destination = gateway.everywhere
      guard !routes.contains(where: { $0.destination == destination }) else { continue }
      routes.append(RoutePlan(destination: destination, gateway: gateway))
    }
    return routes
  }
}

extension IPAddress {
  var isV4: Bool {
    if case .v4 = self { true } else { false }
  }

  /// `0.0.0.0/0` or `::/0`.
  var everywhere: IPPrefix { IPPrefix(address: isV4 ? .v4(0) : .v6(0), length: 0) }
}
