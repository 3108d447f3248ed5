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
  private var hosts: Classes
  private var sites: Classes

  /// Throws `rule-clash`. Takes about as long as the rules have members.
  static func check(_ rules: [PlacementSection.Draft], _ nodes: NodeSection) throws(Problem) {
    guard !rules.isEmpty else { return }
    let contradictions = PlacementContradictions(rules, nodes)
    for rule in rules where rule.kind == .apart { try contradictions.checkApart(rule) }
    for rule in rules where rule.kind == .together { try contradictions.checkPins(rule) }
  }

  private init(_ rules: [PlacementSection.Draft], _ nodes: NodeSection) {
    self.nodes = nodes
    hosts = Classes(count: nodes.drafts.count)
    sites = hosts
    for rule in rules where rule.kind == .together {
      if rule.place == .host { hosts.join(rule.nodes, rule.mark) }
      sites.join(rule.nodes, rule.mark)
    }
  }

  private func checkApart(_ rule: PlacementSection.Draft) throws(Problem) {
    let classes = rule.place == .host ? hosts : sites
    var seen: [Int: Int] = [:]
    var pinned: [Name: Int] = [:]
    for node in rule.nodes {
      if let other = seen.updateValue(node, forKey: classes.root(node)) {
        let line = classes.mark(node).map { " (\($0.short))" } ?? ""
        throw clash(
          rule, other, node, "but they must be together by another rule\(line)", "Remove one of the two rules.")
      }
      let settings = nodes.drafts[node].settings
      guard let pin = rule.place == .host ? settings.host : settings.site else { continue }
      if let other = pinned.updateValue(node, forKey: pin) {
        throw clash(
          rule, other, node, "but both are pinned to \(rule.place.rawValue) '\(pin)'", "Pin one of them elsewhere.")
      }
    }
  }

  /// Whom a rule joins cannot be pinned to two places; looks at whole classes, through one rule of each.
  private func checkPins(_ rule: PlacementSection.Draft) throws(Problem) {
    try checkPins(rule, "site", sites) { $0.site }
    guard rule.place == .host else { return }
    try checkPins(rule, "host", hosts) { $0.host }
    try checkPins(rule, "location", hosts) { $0.location }
  }

  private func checkPins<Pin: Hashable>(
    _ rule: PlacementSection.Draft, _ what: String, _ classes: Classes, _ pin: (NodeSettings) -> Pin?
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

/// Disjoint sets of nodes: each node knows its set by one node of it, the root.
private struct Classes {
  private var roots: [Int]
  private var sets: [Int: [Int]] = [:]
  /// The last rule that joined a set, by root.
  private var marks: [Int: Mark] = [:]

  init(count: Int) { roots = Array(0..<count) }

  func root(_ node: Int) -> Int { roots[node] }

  func members(of node: Int) -> [Int] { sets[root(node)] ?? [node] }

  func mark(_ node: Int) -> Mark? { marks[root(node)] }

  /// Relabels the smaller of two sets, so that each node changes its set at most log n times.
  mutating func join(_ nodes: [Int], _ mark: Mark) {
    for node in nodes.dropFirst() {
      let (a, b) = (root(nodes[0]), root(node))
      if a == b { continue }
      let (first, second) = (sets[a] ?? [a], sets[b] ?? [b])
      let (root, old, moved) = first.count >= second.count ? (a, b, second) : (b, a, first)
      for node in moved { roots[node] = root }
      sets[root, default: [root]] += moved
      sets[old] = nil
      marks[old] = nil
    }
    marks[root(nodes[0])] = mark
  }
}
