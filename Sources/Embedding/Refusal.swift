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
    if let nearest = nearestName(to: name.description, among: names.map(\.description)) {
      return "Did you mean \(nearest)?"
    }
    return "The \(what) are: \(names.prefix(20).map(\.description).joined(separator: ", "))."
  }
}

/// The candidate with the smallest edit distance (Levenshtein), if it is at most a third of the name; the
/// earlier one of two that are as near.
func nearestName(to name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.utf8)
  let ranked = candidates.enumerated().map { (distance(wanted, Array($1.utf8)), $0, $1) }
  guard let best = ranked.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return nil }
  return best.0 <= max(1, wanted.count / 3) ? best.2 : nil
}

private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let replaced = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
