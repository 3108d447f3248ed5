import Infrastructure
import Quantities

/// `nodes` and `defaults`: every machine and router, ranges expanded.
struct NodeSection {
  /// A node as written; its routes can be checked only when the addresses are known.
  struct Draft {
    var name: Name
    var settings: NodeSettings
    /// Where its name stands.
    var mark: Mark

    var subject: String { (settings.kind == .router ? "Router" : "Machine") + " '\(name)'" }

    func node(routes: [Route]) -> Node {
      Node(
        name: name, kind: settings.kind, image: settings.image, cpu: settings.cpu, memory: settings.memory,
        storage: settings.storage, least: settings.least, site: settings.site, host: settings.host,
        location: settings.location,
        isExclusive: settings.isExclusive, routes: routes, software: settings.router.software, labels: settings.labels)
    }
  }

  private(set) var drafts: [Draft] = []
  private(set) var index: [String: Int] = [:]
  private var textBytes = 0

  /// Throws what is wrong with a node, `duplicate-node`, `too-many`, `too-much-text` or `no-nodes`.
  init(_ fields: Fields, _ texts: UserText) throws(Problem) {
    let defaults = try fields.fields("defaults", .defaults)
    let section = fields.node("nodes")
    for entry in try section?.entries(of: "'nodes'", example: "{worker[1-4]: {cpu: 1}}") ?? [] {
      let settings = try NodeSettings(entry, defaults, texts)
      let names = try entry.mark.locating("Nodes") { () throws(Problem) in try NamePattern.expand(entry.key) }
      for name in names { try add(name, settings, entry) }
    }
    guard !drafts.isEmpty else {
      throw (section?.mark ?? fields.mark).problem(
        "no-nodes", "The infrastructure has no nodes.", remedy: "Add one, such as 'nodes: {worker[1-4]: {}}'.")
    }
  }

  private mutating func add(_ text: String, _ settings: NodeSettings, _ entry: LocatedNode.Entry) throws(Problem) {
    let name = try entry.mark.locating("Nodes") { () throws(Problem) in try Name(parsing: text) }
    if let earlier = index.updateValue(drafts.count, forKey: text) {
      throw entry.mark.problem(
        "duplicate-node", "There is a second node '\(name)'; the first is on \(drafts[earlier].mark.short).",
        remedy: "Rename one of the two, or change its range.")
    }
    guard drafts.count < NamePattern.maximumNames else {
      throw NamePattern.tooMany(entry.key, of: "Nodes", entry.mark)
    }
    textBytes += settings.router.software?.textBytes ?? 0
    guard textBytes <= UserText.maximumTotal else {
      throw entry.mark.problem(
        "too-much-text",
        "The routers' configurations and rulesets have more than \(UserText.maximumTotal >> 20)MiB together.",
        remedy: "Write shorter ones.")
    }
    drafts.append(Draft(name: name, settings: settings, mark: entry.mark))
  }
}
