import Quantities

/// What the members of groups, segments, wires and rules may refer to: nodes, ranges of them, and groups.
struct MemberDirectory {
  /// Members of all groups together, so that many large groups do not pile up in memory.
  static let maximumMembers = 100_000

  private let nodes: NodeSection
  private var groups: [String: [Int]] = [:]
  private var groupNames: [String] = []

  /// Reads `groups`; a group may use the groups above it. Throws `name-clash`, `duplicate-member`,
  /// `no-such-node` or `too-many`.
  init(_ fields: Fields, _ nodes: NodeSection) throws(Problem) {
    self.nodes = nodes
    var count = 0
    for entry in try fields.node("groups")?.entries(of: "'groups'", example: "{crew: [worker1, worker2]}") ?? [] {
      let subject = "Group '\(entry.key.excerpt)'"
      _ = try entry.mark.locating("Groups") { () throws(Problem) in try Name(parsing: entry.key) }
      if let node = nodes.index[entry.key] {
        throw entry.mark.problem(
          "name-clash", "\(subject) has the name of the node on \(nodes.drafts[node].mark.short).",
          remedy: "Rename one of the two.")
      }
      let members = try members(entry.value, of: subject)
      count += members.count
      guard count <= Self.maximumMembers else {
        throw entry.mark.problem(
          "too-many", "\(subject) brings the groups above \(Self.maximumMembers) members in all.",
          remedy: "Make fewer or smaller groups; members may also be ranges such as worker[1-100].")
      }
      groups[entry.key] = members
      groupNames.append(entry.key)
    }
  }

  /// The nodes of a list of nodes, ranges and groups, each once. Throws `duplicate-member` and what `resolve` throws.
  func members(_ list: LocatedNode, of subject: String) throws(Problem) -> [Int] {
    var members: [Int] = []
    var seen: Set<Int> = []
    for element in try list.isNull ? [] : list.oneOrMany(of: subject, example: "[worker1, worker2]") {
      for node in try resolve(element.text(of: "A member of \(subject.inSentence)"), of: subject, element.mark) {
        guard seen.insert(node).inserted else {
          throw element.mark.problem(
            "duplicate-member", "\(subject) has '\(nodes.drafts[node].name)' twice.", remedy: "Remove one of the two.")
        }
        members.append(node)
      }
    }
    return members
  }

  /// Indices of the nodes that `text` stands for. Throws `no-such-node`, `bad-range` or `too-many`.
  func resolve(_ text: String, of subject: String, _ mark: Mark) throws(Problem) -> [Int] {
    var found: [Int] = []
    for name in try mark.locating(subject, { () throws(Problem) in try NamePattern.expand(text) }) {
      if let node = nodes.index[name] {
        found.append(node)
      } else if let group = groups[name] {
        found += group
      } else {
        throw mark.problem(
          "no-such-node", "\(subject) refers to '\(name.excerpt)', but there is no such node or group.",
          remedy: Remedy.nearest(name, among: nodes.drafts.map(\.name.description) + groupNames))
      }
      guard found.count <= NamePattern.maximumNames else { throw NamePattern.tooMany(text, of: subject, mark) }
    }
    return found
  }

  /// The node at an index.
  func node(_ index: Int) -> NodeSection.Draft { nodes.drafts[index] }
}
