import Infrastructure
import Quantities

/// Turns drafts into networks: names interfaces, assigns addresses, chooses gateways.
struct EndpointBuilder {
  private let kinds: [Name: Node.Kind]
  private var interfaces: [Name: Set<String>] = [:]
  private var nextIndex: [Name: Int] = [:]
  /// Families (4, 6) for which a node has a default route already.
  private var routed: [Name: Set<Int>] = [:]

  init(kinds: [Name: Node.Kind]) { self.kinds = kinds }

  /// Builds all networks; explicit interface names are taken before any is chosen.
  mutating func build(_ drafts: [NetworkDraft]) throws(Problem) -> [Network] {
    for draft in drafts { try takeInterfaces(of: draft) }
    var networks: [Network] = []
    for draft in drafts { networks.append(try network(draft)) }
    return networks
  }

  private mutating func takeInterfaces(of draft: NetworkDraft) throws(Problem) {
    for member in draft.members {
      guard let interface = member.interface else { continue }
      guard interfaces[member.node, default: []].insert(interface).inserted else {
        throw member.place.problem(
          "interface-clash", "Interface \(interface) of node \(member.node) is used twice.",
          remedy: "Name another interface, or none to have one chosen.")
      }
    }
  }

  private mutating func network(_ draft: NetworkDraft) throws(Problem) -> Network {
    let addresses = try AddressAssignment(draft).addresses
    var endpoints: [Endpoint] = []
    for (member, own) in zip(draft.members, addresses) {
      endpoints.append(Endpoint(node: member.node, interface: interface(for: member), addresses: own))
    }
    try setGateways(&endpoints, draft)
    return Network(
      name: draft.name, kind: draft.kind, endpoints: endpoints, prefixes: draft.terms.prefixes,
      minimumRate: draft.terms.minimumRate, maximumRate: draft.terms.maximumRate,
      maximumLatency: draft.terms.maximumLatency, mtu: draft.terms.mtu)
  }

  private mutating func interface(for member: EndpointDraft) -> String {
    if let interface = member.interface { return interface }
    var index = nextIndex[member.node] ?? 0
    while !interfaces[member.node, default: []].insert("eth\(index)").inserted { index += 1 }
    nextIndex[member.node] = index + 1
    return "eth\(index)"
  }

  private mutating func setGateways(_ endpoints: inout [Endpoint], _ draft: NetworkDraft) throws(Problem) {
    guard let gateway = try gateway(of: endpoints, draft) else { return }
    for index in endpoints.indices {
      let node = endpoints[index].node
      guard node != gateway.node, kinds[node] == .machine else { continue }
      for address in gateway.addresses.map(\.address) {
        guard routed[node, default: []].insert(address.version).inserted else { continue }
        endpoints[index].gateways.append(address)
      }
    }
  }

  private func gateway(of endpoints: [Endpoint], _ draft: NetworkDraft) throws(Problem) -> Endpoint? {
    switch draft.gateway {
    case .none: return nil
    case .onlyRouter:
      let routers = endpoints.filter { kinds[$0.node] == .router }
      return routers.count == 1 ? routers[0] : nil
    case .node(let name):
      guard let found = endpoints.first(where: { $0.node == name }) else {
        throw draft.place.problem(
          "gateway-not-member", "The gateway \(name) is no member of \(draft.title).",
          remedy: "Add it to the members, or name another gateway.")
      }
      return found
    }
  }
}
