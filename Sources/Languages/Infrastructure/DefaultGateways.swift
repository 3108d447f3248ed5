import Infrastructure
import Quantities

/// Default routes of machines towards the router of their network.
///
/// A machine gets at most one a family: its own `routes` come first, then networks in the order of the file.
enum DefaultGateways {
  /// Throws `bad-gateway`.
  static func assign(
    _ drafts: inout [NetworkDraft], _ nodes: NodeSection, _ routes: [Int: [Route]]
  ) throws(Problem) {
    // The IP versions of which a node has a default route.
    var versions = Array(repeating: Set<Int>(), count: nodes.drafts.count)
    for (node, routes) in routes {
      versions[node] = Set(routes.filter { $0.destination.length == 0 }.map(\.gateway.version))
    }
    for index in drafts.indices {
      guard let router = try router(of: drafts[index], nodes) else { continue }
      let gateways = drafts[index].endpoints[router].addresses.map(\.address)
      for member in drafts[index].endpoints.indices {
        let node = drafts[index].endpoints[member].node
        guard nodes.drafts[node].settings.kind == .machine else { continue }
        let fresh = gateways.filter { versions[node].insert($0.version).inserted }
        drafts[index].endpoints[member].gateways = fresh
      }
    }
  }

  /// Index of the endpoint that is the network's gateway.
  private static func router(of draft: NetworkDraft, _ nodes: NodeSection) throws(Problem) -> Int? {
    let routers = draft.endpoints.indices.filter { nodes.drafts[draft.endpoints[$0].node].settings.kind == .router }
    switch draft.gateway {
    case .none: return nil
    case .automatic: return routers.count == 1 ? routers[0] : nil
    case .node(let name, let mark):
      if let router = routers.first(where: { nodes.drafts[draft.endpoints[$0].node].name.description == name }) {
        return router
      }
      throw unfit(name, draft, routers.map { nodes.drafts[draft.endpoints[$0].node].name.description }, nodes, mark)
    }
  }

  private static func unfit(
    _ name: String, _ draft: NetworkDraft, _ routers: [String], _ nodes: NodeSection, _ mark: Mark
  ) -> Problem {
    let why = nodes.index[name] == nil ? "there is no such node" : "it is not a router among the members"
    return mark.problem(
      "bad-gateway", "\(draft.subject), gateway: '\(name.excerpt)' cannot be it, for \(why).",
      remedy: routers.isEmpty
        ? "Add a node of kind router to the members, or write 'none'."
        : Remedy.nearest(name, among: routers + ["none"]))
  }
}
