import Infrastructure
import Quantities

/// Finds placement rules that nothing could fulfil, whatever the substrate: with each other, or with what
/// single nodes ask for.
///
/// Being together is an equivalence, so rules that overlap join their nodes into classes; who shares a host
/// shares its site.
struct PlacementContradictions {
  private let nodes: NodeSection
  /// Classes of nodes that share a host, and of those that share a site.
  private var hosts: NodeClasses
  private var sites: NodeClasses
  /// Pins of whole classes by their roots, for who is together is pinned by one of them.
  private var pinnedHosts: [Int: Name] = [:]
  private var pinnedSites: [Int: Name] = [:]

  /// Throws `rule-clash`. Takes about as long as the rules have members.
  static func check(_ rules: [PlacementSection.Draft], _ nodes: NodeSection) throws(Problem) {
    guard !rules.isEmpty else { return }
    let contradictions = PlacementContradictions(rules, nodes)
    for rule in rules where rule.kind == .apart { try contradictions.checkApart(rule) }
    for rule in rules where rule.kind == .together { try contradictions.checkPins(rule) }
  }

  private init(_ rules: [PlacementSection.Draft], _ nodes: NodeSection) {
    self.nodes = nodes
    hosts = NodeClasses(count: nodes.drafts.count)
    sites = hosts
    for rule in rules where rule.kind == .together {
      if rule.place == .host { hosts.join(rule.nodes, rule.mark) }
      sites.join(rule.nodes, rule.mark)
    }
    for (index, node) in nodes.drafts.enumerated() {
      if let host = node.settings.host { pinnedHosts[hosts.root(index)] = host }
      if let site = node.settings.site { pinnedSites[sites.root(index)] = site }
    }
  }

  private func checkApart(_ rule: PlacementSection.Draft) throws(Problem) {
    let classes = rule.place == .host ? hosts : sites
    var seen: [Int: Int] = [:]
    var onHosts: [Name: Int] = [:]
    var atSites: [Name: Int] = [:]
    for node in rule.nodes {
      if let other = seen.updateValue(node, forKey: classes.root(node)) {
        let line = classes.mark(node).map { " (\($0.short))" } ?? ""
        throw clash(
          rule, other, node, "but they must be together by another rule\(line)", "Remove one of the two rules.")
      }
      // One host is also one site.
      if let host = pinnedHosts[hosts.root(node)], let other = onHosts.updateValue(node, forKey: host) {
        throw pinClash(rule, other, node, "host '\(host)'")
      }
      guard rule.place == .site else { continue }
      if let site = pinnedSites[sites.root(node)], let other = atSites.updateValue(node, forKey: site) {
        throw pinClash(rule, other, node, "site '\(site)'")
      }
    }
  }

  private func pinClash(_ rule: PlacementSection.Draft, _ first: Int, _ second: Int, _ pin: String) -> Problem {
    clash(rule, first, second, "but pins bring both to \(pin)", "Pin one of them elsewhere.")
  }

  /// Whom a rule joins cannot be pinned to two places; looks at whole classes, through one rule of each.
  private func checkPins(_ rule: PlacementSection.Draft) throws(Problem) {
    try checkPins(rule, "site", sites) { $0.site }
    guard rule.place == .host else { return }
    try checkPins(rule, "host", hosts) { $0.host }
    try checkPins(rule, "location", hosts) { $0.location }
  }

  private func checkPins<Pin: Hashable>(
    _ rule: PlacementSection.Draft, _ what: String, _ classes: NodeClasses, _ pin: (NodeSettings) -> Pin?
  ) throws(Problem) {
    guard classes.mark(rule.nodes[0]) == rule.mark else { return }
    var first: (node: Int, pin: Pin)?
    for node in classes.members(of: rule.nodes[0]) {
      guard let pin = pin(nodes.drafts[node].settings) else { continue }
      guard let earlier = first else {
        first = (node, pin)
        continue
      }
      guard earlier.pin == pin else {
        throw clash(
          rule, earlier.node, node, "but they are pinned to \(what) '\(earlier.pin)' and '\(pin)'",
          "Pin them to the same \(what), or take one out of the rule.")
      }
    }
  }

  private func clash(
    _ rule: PlacementSection.Draft, _ first: Int, _ second: Int, _ why: String, _ remedy: String
  ) -> Problem {
    let relation = rule.kind == .apart ? "apart" : "together"
    return rule.mark.problem(
      "rule-clash",
      "The placement rule keeps '\(nodes.drafts[first].name)' and '\(nodes.drafts[second].name)' \(relation), \(why).",
      remedy: remedy)
  }
}
