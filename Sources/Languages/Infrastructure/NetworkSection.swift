import Infrastructure
import Quantities

/// `segments` and `wires`, in the order of the file.
enum NetworkSection {
  /// Endpoints of all networks together: 10 for each of the most nodes that a file may have.
  static let maximumEndpoints = 100_000

  /// Throws what is wrong with a network, `duplicate-network`, `name-needed` or `too-many`.
  static func drafts(_ fields: Fields, _ directory: MemberDirectory) throws(Problem) -> [NetworkDraft] {
    var drafts: [NetworkDraft] = []
    var marks: [Name: Mark] = [:]
    var endpoints = 0
    func add(_ draft: NetworkDraft) throws(Problem) {
      if let earlier = marks.updateValue(draft.mark, forKey: draft.name) {
        throw draft.mark.problem(
          "duplicate-network", "There is a second network '\(draft.name)'; the first is on \(earlier.short).",
          remedy: "Rename one of the two.")
      }
      guard drafts.count < NamePattern.maximumNames else {
        throw draft.mark.problem(
          "too-many", "There are more than \(NamePattern.maximumNames) networks.", remedy: "Ask for fewer.")
      }
      endpoints += draft.endpoints.count
      guard endpoints <= maximumEndpoints else {
        throw draft.mark.problem(
          "too-many", "\(draft.subject) brings the networks above \(maximumEndpoints) members in all.",
          remedy: "Ask for fewer members, or fewer networks, in one file.")
      }
      drafts.append(draft)
    }
    for entry in try fields.node("segments")?.entries(of: "'segments'", example: "{lan: {members: [a, b]}}") ?? [] {
      try add(segment(entry, directory))
    }
    let wires = try fields.node("wires")?.elements(of: "'wires'", example: "[{ends: [a, b]}]") ?? []
    var names = WireNames(segments: drafts.map(\.name), wires: wires)
    for element in wires { try add(wire(element, directory, &names)) }
    return drafts
  }

  private static func segment(
    _ entry: LocatedNode.Entry, _ directory: MemberDirectory
  ) throws(Problem) -> NetworkDraft {
    let name = try entry.mark.locating("Segments") { () throws(Problem) in try Name(parsing: entry.key) }
    let fields = try Fields(entry.value, .segment, of: "Segment '\(name)'", at: entry.mark)
    var draft = NetworkDraft(name: name, kind: .segment, mark: entry.mark, prefixMark: entry.mark)
    draft.endpoints = try MemberReader(fields, directory).members(fields.node("members"))
    try NetworkSettings.read(fields, into: &draft)
    return draft
  }

  private static func wire(
    _ element: LocatedNode, _ directory: MemberDirectory, _ names: inout WireNames
  ) throws(Problem) -> NetworkDraft {
    let fields = try Fields(element, .wire, of: "The wire")
    let written = try fields.value("name", Name.init(parsing:))
    let subject = written.map { "Wire '\($0)'" } ?? "The wire"
    let ends = try MemberReader(fields, directory, subject: subject).ends(fields.node("ends"))
    let nodes = ends.map { directory.node($0.node).name }
    guard let name = written ?? names.next(between: nodes[0], nodes[1]) else {
      throw fields.mark.problem(
        "name-needed",
        "The wire between '\(nodes[0])' and '\(nodes[1])' needs a name, for theirs are too long to make one.",
        remedy: "Add 'name:' to it.")
    }
    var draft = NetworkDraft(name: name, kind: .wire, mark: element.mark, endpoints: ends, prefixMark: element.mark)
    try NetworkSettings.read(fields, into: &draft)
    return draft
  }
}
