import Infrastructure
import Quantities

/// `placement`: which nodes must share a host or site, or must not.
enum PlacementSection {
  /// A rule while it is read.
  struct Draft {
    var kind: PlacementRule.Kind
    var place: PlacementRule.Place
    /// Indices of the nodes, each once.
    var nodes: [Int]
    var mark: Mark
  }

  /// Throws `bad-rule`, `duplicate-member`, `too-many`, `rule-clash` or what members throw.
  static func rules(
    _ fields: Fields, _ directory: MemberDirectory, _ nodes: NodeSection
  ) throws(Problem) -> [PlacementRule] {
    var drafts: [Draft] = []
    var members = 0
    let elements = try fields.node("placement")?.elements(of: "'placement'", example: "[{apart: [a, b], at: host}]")
    for element in elements ?? [] {
      let draft = try rule(Fields(element, .rule, of: "The placement rule"), directory)
      members += draft.nodes.count
      guard drafts.count < NamePattern.maximumNames, members <= MemberDirectory.maximumMembers else {
        throw element.mark.problem(
          "too-many",
          "There are more than \(NamePattern.maximumNames) placement rules, or more than "
            + "\(MemberDirectory.maximumMembers) nodes in them.", remedy: "Ask for fewer.")
      }
      drafts.append(draft)
    }
    try PlacementContradictions.check(drafts, nodes)
    return drafts.map { draft in
      PlacementRule(draft.kind, draft.place, nodes: draft.nodes.map { nodes.drafts[$0].name })
    }
  }

  private static func rule(_ fields: Fields, _ directory: MemberDirectory) throws(Problem) -> Draft {
    let place = try fields.choice("at", PlacementRule.Place.self) ?? .host
    let written = PlacementRule.Kind.allCases.filter { fields.node($0.rawValue) != nil }
    guard written.count == 1, let list = fields.node(written[0].rawValue) else {
      throw fields.mark.problem(
        "bad-rule",
        "\(fields.subject) has \(written.isEmpty ? "neither 'together' nor 'apart'" : "both 'together' and 'apart'").",
        remedy: "Write one of the two, such as {apart: [a, b], at: host}.")
    }
    let subject = fields.subject(of: written[0].rawValue)
    let nodes = try directory.members(list, of: subject)
    guard nodes.count > 1 else {
      throw list.mark.problem(
        "bad-rule", "\(subject) has \(nodes.count) node\(nodes.count == 1 ? "" : "s"), but a rule needs 2 or more.",
        remedy: "Add nodes to it, or remove the rule.")
    }
    return Draft(kind: written[0], place: place, nodes: nodes, mark: fields.mark)
  }
}
