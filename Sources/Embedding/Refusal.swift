import Infrastructure
import Quantities

/// The sentences with which a request is refused, each with the numbers that decide it.
extension Refusal {
  static func unknownSite(_ site: Name, of node: Node, _ substrate: Substrate) -> Refusal {
    refusal(
      .notFound, "unknown-site",
      "node \(node.name) is pinned to site \(site), which is not in substrate \(substrate.name)",
      remedy: hint(site, among: substrate.sites.map(\.name), of: "sites"))
  }

  static func unknownHost(_ host: Name, of node: Node, _ substrate: Substrate) -> Refusal {
    refusal(
      .notFound, "unknown-host",
      "node \(node.name) is pinned to host \(host), which is not in substrate \(substrate.name)",
      remedy: hint(host, among: substrate.hosts.map(\.name), of: "hosts"))
  }

  static func pinsDisagree(_ node: Node, host: Host) -> Refusal {
    refusal(
      .invalid, "pins-disagree",
      "node \(node.name) is pinned to \(node.site.map { "site \($0)" } ?? "another site by its companions") and to host \(host.name), "
        + "which stands at site \(host.site)",
      remedy: "Leave out one of the two, or name a host of that site.")
  }

  static func keptHostGone(_ node: Node, host: Name) -> Refusal {
    refusal(
      .refused, "kept-host-gone", "node \(node.name) runs on host \(host), which is no longer in the substrate",
      remedy: "Take the infrastructure down and bring it up again, or put the host back.")
  }

  static func keptElsewhere(_ node: Node, host: Host) -> Refusal {
    let pin = node.host.map { "host \($0)" } ?? "site \(node.site?.description ?? "")"
    return refusal(
      .refused, "would-move",
      "node \(node.name) runs on host \(host.name) at site \(host.site) and is now pinned to \(pin), "
        + "but running nodes are not moved",
      remedy: "Take the infrastructure down and bring it up again, or leave the node's pin as it was.")
  }

  static func homeless(_ host: Host, _ substrate: Substrate) -> Refusal {
    refusal(
      .invalid, "unknown-site",
      "host \(host.name) stands at site \(host.site), which is not in the substrate",
      remedy: hint(host.site, among: substrate.sites.map(\.name), of: "sites"))
  }

  static func noHosts(_ request: VirtualInfrastructure) -> Refusal {
    refusal(
      .refused, "no-host", "infrastructure \(request.name) needs a host, but the substrate has none",
      remedy: "Add hosts to the substrate file.")
  }

  static func rulesDisagree(_ node: Node, _ request: VirtualInfrastructure) -> Refusal {
    refusal(
      .invalid, "rules-disagree",
      "the placement rules of infrastructure \(request.name) and the pins of its nodes contradict each other at node "
        + "\(node.name)",
      remedy: "Leave one of them out: nodes that must be together need the same site, host and location, and none "
        + "may be apart from itself.")
  }

  static func vlansShort(_ problem: SearchProblem, _ site: Int, needed: UInt64, free: UInt64) -> Refusal {
    let name = problem.view.substrate.sites[site].name
    return refusal(
      .refused, "vlans-exhausted",
      "site \(name) has \(free) free VLANs but \(needed) networks of infrastructure \(problem.request.name) would cross it",
      remedy: "Ask for fewer networks, take something down, or allow more VLANs at the site.",
      Bottleneck(.vlans(site: site), needed: needed, free: free))
  }

  static func refusal(
    _ kind: Problem.Kind, _ code: String, _ message: String, remedy: String, _ bottleneck: Bottleneck? = nil
  ) -> Refusal {
    Refusal(Problem(kind, code, message, remedy: remedy), bottleneck: bottleneck)
  }

  private static func hint(_ name: Name, among names: [Name], of what: String) -> String {
    if let nearest = Nearest.name(to: name.description, among: names.map(\.description)) {
      return "Did you mean \(nearest)?"
    }
    return "The \(what) are: \(names.prefix(20).map(\.description).joined(separator: ", "))."
  }
}
