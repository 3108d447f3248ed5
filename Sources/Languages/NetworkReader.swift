import Infrastructure
import Quantities

/// Reads segments and wires into drafts.
struct NetworkReader {
  private var names: NodeNames

  init(_ nodes: [Node], groups: YAMLNode?) throws(Problem) {
    names = NodeNames(nodes: Set(nodes.map(\.name)))
    var read: [String: [Name]] = [:]
    for (key, value) in try groups?.entries(of: "groups") ?? [] {
      let name = try key.name(of: "groups")
      guard !names.nodes.contains(name) else {
        throw key.problem(
          "duplicate-name", "Group '\(name)' has the name of a node.", remedy: "Rename the group.")
      }
      var members: [Name] = []
      for item in try value.itemsOrOne(of: "group \(name)") {
        members += try names.resolve(item, of: "group \(name)")
      }
      read[name.description] = members
    }
    names.groups = read
  }

  /// Segments, then wires; names are unique among both.
  func read(_ fields: Fields) throws(Problem) -> [NetworkDraft] {
    var drafts: [NetworkDraft] = []
    for (key, value) in try fields["segments"]?.entries(of: "segments") ?? [] {
      drafts.append(try segment(key, value))
    }
    var taken = Set(drafts.map(\.name))
    for item in try fields["wires"]?.items(of: "wires") ?? [] {
      let wire = try wire(item, &taken)
      drafts.append(wire)
    }
    return drafts
  }

  private func segment(_ key: YAMLNode, _ value: YAMLNode) throws(Problem) -> NetworkDraft {
    let name = try key.name(of: "segments")
    let what = "segment \(name)"
    let fields = try Fields(value, of: what, known: Keys.segment)
    let section = try fields.required("members", of: what)
    var members: [EndpointDraft] = []
    for item in try section.itemsOrOne(of: "members of \(what)") {
      members += try EndpointDraft.read(item, of: what, names)
    }
    guard !members.isEmpty else {
      throw section.problem("no-members", "\(what) has no members.", remedy: "Name at least one node.")
    }
    try refuseDoubles(members, what)
    return NetworkDraft(
      name: name, kind: .segment, terms: try NetworkTerms(fields, of: what), gateway: try gateway(fields, what),
      members: members, place: key)
  }

  /// A node may meet a segment twice, but then it says through which interfaces.
  private func refuseDoubles(_ members: [EndpointDraft], _ what: String) throws(Problem) {
    var seen: Set<Name> = []
    for member in members where !seen.insert(member.node).inserted && member.interface == nil {
      throw member.place.problem(
        "duplicate-member", "Node \(member.node) is twice a member of \(what).",
        remedy: "Name it once, or name its interfaces (\(member.node):eth0, \(member.node):eth1).")
    }
  }

  private func wire(_ node: YAMLNode, _ taken: inout Set<Name>) throws(Problem) -> NetworkDraft {
    let fields = try Fields(node, of: "a wire", known: Keys.wire)
    let section = try fields.required("ends", of: "a wire")
    var members: [EndpointDraft] = []
    for item in try section.items(of: "ends of a wire") {
      members += try EndpointDraft.read(item, of: "a wire", names)
    }
    guard members.count == 2 else {
      throw section.problem(
        "not-two-ends", "A wire has \(members.count) ends.", remedy: "Name two, such as ends: [a, b].")
    }
    if members[0].node == members[1].node, members[0].interface == nil || members[1].interface == nil {
      throw section.problem(
        "wire-to-itself", "Both ends of a wire are at node \(members[0].node).",
        remedy: "Name another node, or two interfaces of it.")
    }
    let name = try wireName(fields["name"], members, &taken)
    let what = "wire \(name)"
    try checkType(fields["type"], what)
    return NetworkDraft(
      name: name, kind: .wire, terms: try NetworkTerms(fields, of: what), gateway: try gateway(fields, what),
      members: members, place: node)
  }

  private func wireName(
    _ node: YAMLNode?, _ ends: [EndpointDraft], _ taken: inout Set<Name>
  ) throws(Problem) -> Name {
    if let node {
      let name = try node.name(of: "name of a wire")
      guard taken.insert(name).inserted else {
        throw node.problem(
          "duplicate-name", "There is another segment or wire '\(name)'.", remedy: "Rename one of the two.")
      }
      return name
    }
    let stem = String("\(ends[0].node)-\(ends[1].node)".prefix(57))
    for number in 1...NameRange.limit {
      let text = number == 1 ? stem : "\(stem)-\(number)"
      if let name = Name(text.hasSuffix("-") ? text + "w" : text), taken.insert(name).inserted { return name }
    }
    throw ends[0].place.problem(
      "too-many-wires", "There are too many wires between \(ends[0].node) and \(ends[1].node).",
      remedy: "Give each a 'name:'.")
  }

  private func checkType(_ node: YAMLNode?, _ what: String) throws(Problem) {
    guard let node, !["auto", "native"].contains(node.string) else { return }
    let known = ["encapsulating", "tunnelling"].contains(node.string)
    throw node.problem(
      known ? "not-available" : "unknown-choice",
      known
        ? "\(what): type '\(node.string)' is not available in this version."
        : "type of \(what) is '\(node.string.excerpt)'.",
      remedy: "Write auto or native.")
  }

  private func gateway(_ fields: Fields, _ what: String) throws(Problem) -> NetworkDraft.Gateway {
    guard let node = fields["gateway"] else { return .onlyRouter }
    if node.string == "none" { return .none }
    let found = try names.resolve(node, of: "gateway of \(what)")
    guard found.count == 1, let only = found.first else {
      throw node.problem("not-one-node", "gateway of \(what) names \(found.count) nodes.", remedy: "Name one node.")
    }
    return .node(only)
  }
}
