import Infrastructure
import Quantities

/// A static route as written.
struct RouteDraft {
  var route: Route
  var mark: Mark

  /// `routes` of a node. Throws `bad-route` and what addresses throw.
  static func list(_ fields: Fields) throws(Problem) -> [RouteDraft] {
    var drafts: [RouteDraft] = []
    let subject = fields.subject(of: "routes")
    let example = "[{to: default, via: 10.1.0.1}]"
    for element in try fields.node("routes")?.elements(of: subject, example: example) ?? [] {
      let draft = try read(Fields(element, .route, of: subject))
      guard !drafts.contains(where: { $0.route.destination == draft.route.destination }) else {
        throw element.mark.problem(
          "bad-route", "\(subject): there is a second route to \(draft.route.destination).",
          remedy: "Remove one of the two.")
      }
      drafts.append(draft)
    }
    return drafts
  }

  private static func read(_ fields: Fields) throws(Problem) -> RouteDraft {
    let gateway = try fields.required("via", IPAddress.init(parsing:))
    let destination = try fields.required("to") { (text) throws(Problem) in
      text == "default" ? IPPrefix(address: gateway.with(number: 0), length: 0) : try IPPrefix(parsing: text)
    }
    guard destination.isNetwork else {
      throw fields.mark.problem(
        "bad-prefix", "\(fields.subject): \(destination) is not a network, for it has bits beyond its length.",
        remedy: "Write \(IPPrefix(address: destination.network, length: destination.length)).")
    }
    guard destination.address.version == gateway.version else {
      throw fields.mark.problem(
        "bad-route", "\(fields.subject): \(destination) cannot be reached via \(gateway) of the other IP version.",
        remedy: "Write a gateway of the same version.")
    }
    return RouteDraft(route: Route(destination: destination, gateway: gateway), mark: fields.mark)
  }
}

/// Holds routes against the addresses that their nodes have.
enum RouteSection {
  /// Routes by node index. Throws `gateway-off-link` or `bad-route`.
  static func routes(_ nodes: NodeSection, _ drafts: [NetworkDraft]) throws(Problem) -> [Int: [Route]] {
    var addresses: [Int: [IPPrefix]] = [:]
    for draft in drafts {
      for endpoint in draft.endpoints where !nodes.drafts[endpoint.node].settings.routes.isEmpty {
        addresses[endpoint.node, default: []] += endpoint.addresses
      }
    }
    var routes: [Int: [Route]] = [:]
    for (index, node) in nodes.drafts.enumerated() where !node.settings.routes.isEmpty {
      for draft in node.settings.routes { try check(draft, of: node, addresses[index] ?? []) }
      routes[index] = node.settings.routes.map(\.route)
    }
    return routes
  }

  private static func check(
    _ draft: RouteDraft, of node: NodeSection.Draft, _ addresses: [IPPrefix]
  ) throws(Problem) {
    let gateway = draft.route.gateway
    if addresses.contains(where: { $0.address == gateway }) {
      throw draft.mark.problem(
        "bad-route", "\(node.subject) has a route via \(gateway), which is its own address.",
        remedy: "Write the address of a neighbour.")
    }
    if addresses.contains(where: { $0.contains(gateway) }) { return }
    let networks = addresses.map { IPPrefix(address: $0.network, length: $0.length).description }
    throw draft.mark.problem(
      "gateway-off-link",
      "\(node.subject) has a route via \(gateway), but is in no network with that address.",
      remedy: networks.isEmpty
        ? "Put the node into a segment with addresses."
        : "Write an address in \(networks.joined(separator: " or ")).")
  }
}
