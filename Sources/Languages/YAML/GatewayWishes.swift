import Infrastructure
import Quantities

/// Finds what `gateway` of each network must say for its endpoints to have the gateways that they have: the
/// inverse of `DefaultGateways`.
struct GatewayWishes {
  private var machines: Set<Name> = []
  /// The IP versions of which a machine has a default route.
  private var versions: [Name: Set<Int>] = [:]

  init(_ infrastructure: VirtualInfrastructure) {
    for node in infrastructure.nodes where node.kind == .machine {
      machines.insert(node.name)
      versions[node.name] = Set(node.routes.filter { $0.destination.length == 0 }.map(\.gateway.version))
    }
  }

  /// The value of `gateway`, or nil to leave it out; to be asked for one network after another in their order.
  mutating func next(_ network: Network) -> String? {
    defer {
      for endpoint in network.endpoints { versions[endpoint.node]?.formUnion(endpoint.gateways.map(\.version)) }
    }
    let routers = network.endpoints.filter { !machines.contains($0.node) }
    if routers.count == 1, isMeant(routers[0], by: network) { return nil }
    let isSilent = network.endpoints.allSatisfy(\.gateways.isEmpty)
    if isSilent { return routers.count == 1 ? "none" : nil }
    let used = Set(network.endpoints.flatMap(\.gateways))
    // Two interfaces of one router cannot be told apart by its name, which means the first.
    var seen: Set<Name> = []
    let router = routers.first { endpoint in
      seen.insert(endpoint.node).inserted && endpoint.addresses.contains { used.contains($0.address) }
    }
    return router?.node.description
  }

  /// Whether a router gives the endpoints exactly the gateways that they have.
  private func isMeant(_ router: Endpoint, by network: Network) -> Bool {
    let gateways = router.addresses.map(\.address)
    var fresh: [Name: Set<Int>] = [:]
    return network.endpoints.allSatisfy { endpoint in
      guard machines.contains(endpoint.node) else { return endpoint.gateways.isEmpty }
      let known = fresh[endpoint.node] ?? versions[endpoint.node] ?? []
      fresh[endpoint.node] = known.union(gateways.map(\.version))
      return endpoint.gateways == gateways.filter { !known.contains($0.version) }
    }
  }
}
