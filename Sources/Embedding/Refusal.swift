import Infrastructure
import Quantities

/// The sentences with which a request is refused, each with the numbers that decide it.
enum Refusal {
  static func unknownSite(_ site: Name, of node: Node, substrate: Substrate) -> Problem {
    Problem(
      .notFound, "unknown-site",
      "node \(node.name) is pinned to site \(site), which is not in substrate \(substrate.name)",
      remedy: hint(site, among: substrate.sites.map(\.name), of: "sites"))
  }

  static func unknownHost(_ host: Name, of node: Node, substrate: Substrate) -> Problem {
    Problem(
      .notFound, "unknown-host",
      "node \(node.name) is pinned to host \(host), which is not in substrate \(substrate.name)",
      remedy: hint(host, among: substrate.hosts.map(\.name), of: "hosts"))
  }

  static func pinsDisagree(_ node: Node, host: Host) -> Problem {
    Problem(
      .invalid, "pins-disagree",
      "node \(node.name) is pinned to site \(node.site?.description ?? "") and to host \(host.name), "
        + "which stands at site \(host.site)",
      remedy: "Leave out one of the two, or name a host of that site.")
  }

  static func keptHostGone(_ node: Node, host: Name) -> Problem {
    Problem(
      .refused, "kept-host-gone", "node \(node.name) runs on host \(host), which is no longer in the substrate",
      remedy: "Take the infrastructure down and bring it up again, or put the host back.")
  }

  static func keptElsewhere(_ node: Node, host: Host) -> Problem {
    let pin = node.host.map { "host \($0)" } ?? "site \(node.site?.description ?? "")"
    return Problem(
      .refused, "would-move",
      "node \(node.name) runs on host \(host.name) at site \(host.site) and is now pinned to \(pin), "
        + "but running nodes are not moved",
      remedy: "Take the infrastructure down and bring it up again, or leave the node's pin as it was.")
  }

  static func homeless(_ host: Host, _ substrate: Substrate) -> Problem {
    Problem(
      .invalid, "unknown-site",
      "host \(host.name) stands at site \(host.site), which is not in the substrate",
      remedy: hint(host.site, among: substrate.sites.map(\.name), of: "sites"))
  }

  static func noHosts(_ request: VirtualInfrastructure) -> Problem {
    Problem(
      .refused, "no-host", "infrastructure \(request.name) needs a host, but the substrate has none",
      remedy: "Add hosts to the substrate file.")
  }

  private static func hint(_ name: Name, among names: [Name], of what: String) -> String {
    if let nearest = Nearest.name(to: name.description, among: names.map(\.description)) {
      return "Did you mean \(nearest)?"
    }
    return "The \(what) are: \(names.prefix(20).map(\.description).joined(separator: ", "))."
  }
}
