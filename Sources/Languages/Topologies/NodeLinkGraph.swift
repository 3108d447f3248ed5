import Quantities

/// The graph in a node-link JSON text.
struct NodeLinkGraph {
  private(set) var draft = TopologyDraft()

  /// Throws `not-a-topology`, `wrong-type`, `missing-key` or what is wrong with an attribute.
  init(_ root: LocatedNode) throws(Problem) {
    let keys = try Self.keys(root, "The topology")
    guard let nodes = keys["nodes"], let links = keys["links"] ?? keys["edges"] else {
      throw root.mark.problem(
        "not-a-topology", "The file is JSON, but no node-link graph: it lacks 'nodes', or 'links' and 'edges'.",
        remedy: "Write it with networkx.node_link_data.")
    }
    let isDirected = try keys["directed"]?.text(of: "'directed'") == "true"
    if let graph = keys["graph"], case .mapping = graph.content {
      draft.name = Self.attributes(try Self.keys(graph, "'graph'"), "'graph'", graph.mark).text("name", "label")
    }
    for node in try nodes.elements(of: "'nodes'", example: "[{\"id\": \"0\"}]") { try add(node) }
    for link in try links.elements(of: "'links'", example: "[{\"source\": \"0\", \"target\": \"1\"}]") {
      try add(link, isDirected)
    }
  }

  private mutating func add(_ node: LocatedNode) throws(Problem) {
    let keys = try Self.keys(node, "A node")
    let identity = try Self.identity("id", keys, "A node", node.mark)
    let subject = "Node '\(identity.excerpt)'"
    let attributes = Self.attributes(keys, subject, node.mark)
    var position = try Self.position(keys["pos"], subject)
    if position == nil { position = try attributes.position() }
    try draft.add(
      TopologyDraft.Place(
        identity: identity, label: attributes.text("name", "label"), position: position, mark: node.mark))
  }

  private mutating func add(_ link: LocatedNode, _ isDirected: Bool) throws(Problem) {
    let keys = try Self.keys(link, "A link")
    let source = try Self.identity("source", keys, "A link", link.mark)
    let target = try Self.identity("target", keys, "A link", link.mark)
    let attributes = Self.attributes(
      keys, "The link between '\(source.excerpt)' and '\(target.excerpt)'", link.mark)
    try draft.add(
      TopologyDraft.Cable(
        source: source, target: target, isDirected: isDirected, length: attributes.length(), rate: attributes.rate(),
        latency: attributes.latency(), mark: link.mark))
  }

  private static func keys(_ node: LocatedNode, _ subject: String) throws(Problem) -> [String: LocatedNode] {
    let entries = try node.entries(of: subject, example: "{\"nodes\": [], \"links\": []}")
    return Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Those that are single values.
  private static func attributes(_ keys: [String: LocatedNode], _ subject: String, _ mark: Mark) -> TopologyAttributes {
    var attributes = TopologyAttributes(subject: subject, mark: mark)
    // In an order of its own, since two keys may differ only in case.
    for (key, node) in keys.sorted(by: { $0.key < $1.key }) {
      guard case .scalar(let text, _) = node.content, !node.isNull else { continue }
      attributes[key] = TopologyAttributes.Value(text: text, mark: node.mark)
    }
    return attributes
  }

  /// How a node is referred to: text, a number, or the parts of a tuple joined by hyphens.
  private static func identity(
    _ key: String, _ keys: [String: LocatedNode], _ subject: String, _ mark: Mark
  ) throws(Problem) -> String {
    guard let node = keys[key] else {
      throw mark.problem("missing-key", "\(subject) has no '\(key)'.", remedy: "Add \"\(key)\": \"…\" to it.")
    }
    guard case .sequence(let parts) = node.content, !parts.isEmpty else {
      return try node.text(of: "\(subject), \(key)")
    }
    var texts: [String] = []
    for part in parts { texts.append(try part.text(of: "\(subject), \(key)")) }
    return texts.joined(separator: "-")
  }

  /// `[longitude, latitude]`.
  private static func position(_ node: LocatedNode?, _ subject: String) throws(Problem) -> GeographicPosition? {
    guard let node, !node.isNull else { return nil }
    let elements = try node.elements(of: "\(subject), pos", example: "[16.6, 49.2]")
    guard elements.count == 2 else {
      throw node.mark.problem(
        "wrong-type", "\(subject), pos: it has \(elements.count) numbers instead of two.",
        remedy: "Write longitude and latitude: [16.6, 49.2].")
    }
    var numbers: [Double] = []
    for element in elements {
      let text = try element.text(of: "\(subject), pos")
      numbers.append(try TopologyAttributes.number(text, "\(subject), pos", element.mark))
    }
    return try GeographicPosition(latitude: numbers[1], longitude: numbers[0], of: subject, at: node.mark)
  }
}
