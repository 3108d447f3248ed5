import Infrastructure
import Quantities

/// Every node where it may be.
extension EmbeddingCheck {
  mutating func coverage() {
    expect(
      Set(embedding.placement.keys) == Set(request.nodes.map(\.name)),
      "the placement is not of exactly the nodes asked")
    expect(
      Set(embedding.trees.keys) == Set(request.networks.map(\.name)),
      "the trees are not of exactly the networks asked")
  }

  mutating func pins(of node: Node) {
    guard let index = host(of: node.name) else {
      found.append("node \(node.name) is on no host of the substrate")
      return
    }
    let host = ground.substrate.hosts[index]
    expect(ground.sites[host.site] != nil, "node \(node.name) is on host \(host.name), which is at no site")
    expect(node.host == nil || node.host == host.name, "node \(node.name) is not on its host")
    expect(node.site == nil || node.site == host.site, "node \(node.name) is not at its site")
    expect(node.location == nil || node.location == host.location, "node \(node.name) is not at its location")
  }

  mutating func together(_ rule: PlacementRule) {
    expect(Set(places(of: rule)).count <= 1, "\(rule.sentence) are not together at one \(rule.place.rawValue)")
  }

  mutating func apart(_ rule: PlacementRule) {
    let places = places(of: rule)
    expect(Set(places).count == places.count, "\(rule.sentence) are not apart: two share a \(rule.place.rawValue)")
  }

  /// Hosts or sites of the rule's nodes, one a node that is placed.
  private func places(of rule: PlacementRule) -> [Name] {
    rule.nodes.compactMap { node in
      rule.place == .site ? site(of: node) : host(of: node).map { ground.substrate.hosts[$0].name }
    }
  }
}

extension PlacementRule {
  fileprivate var sentence: String { "nodes \(nodes.map(\.description).joined(separator: ", "))" }
}
