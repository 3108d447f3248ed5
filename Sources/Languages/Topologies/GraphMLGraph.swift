import Quantities

/// The graph of a GraphML document, element by element.
struct GraphMLGraph {
  private struct Key {
    var name: String
    /// `node`, `edge`, `graph` or `all`.
    var domain: String
  }

  /// What an attribute is where it is not written.
  private struct Usual {
    var name, domain, text: String
  }

  /// More are refused, since each default is looked at for each element.
  private static let maximumKeys = 1000

  fileprivate struct Element {
    var attributes: [String: String]
    var values: TopologyAttributes
  }

  private var keys: [String: Key] = [:]
  private var usual: [Usual] = []
  private var draft = TopologyDraft()
  private var hasGraph = false
  private var isDirected = false
  private var graph: Element?
  private var element: Element?
  /// The key whose declaration or value is open, and where.
  private var current: (key: String, mark: Mark)?

  /// An element begins. Throws `not-a-topology`, `not-available` or `missing-key`.
  mutating func begin(
    _ name: String, within parent: String?, _ attributes: [String: String], _ mark: Mark
  ) throws(Problem) {
    if parent == nil, name != "graphml" {
      throw mark.problem(
        "not-a-topology", "The file is XML, but no GraphML: it begins with '\(name.excerpt)'.",
        remedy: "Write it with networkx.write_graphml, or take one of the Topology Zoo.")
    }
    switch name {
    case "key":
      let key = try Self.attribute("id", attributes, "A key", mark)
      keys[key] = Key(name: attributes["attr.name"] ?? key, domain: attributes["for"] ?? "all")
      guard keys.count <= Self.maximumKeys else {
        throw mark.problem(
          "too-many", "The file declares more than \(Self.maximumKeys) keys.", remedy: "Leave out attributes.")
      }
      current = (key, mark)
    case "graph": try beginGraph(attributes, parent, mark)
    case "node", "edge": element = try Self.element(name, attributes, mark)
    case "data": current = (try Self.attribute("key", attributes, "A value", mark), mark)
    case "hyperedge":
      throw mark.problem("not-available", "Hyperedges are not read.", remedy: "Write an edge for each pair of nodes.")
    default: break
    }
  }

  /// A value ends: of the open key's default, or of the innermost open element.
  mutating func end(_ name: String, _ text: String) {
    guard let current else { return }
    if name == "default" {
      if let key = keys[current.key], usual.count < Self.maximumKeys {
        usual.append(Usual(name: key.name, domain: key.domain, text: text))
      }
      return
    }
    let attribute = keys[current.key]?.name ?? current.key
    let value = TopologyAttributes.Value(text: text, mark: current.mark)
    if element != nil { element?.values[attribute] = value } else { graph?.values[attribute] = value }
    self.current = nil
  }

  /// An element ends. Throws what is wrong with its attributes.
  mutating func end(_ name: String) throws(Problem) {
    switch name {
    case "key": current = nil
    case "node", "edge":
      guard let ended = element else { return }
      element = nil
      if name == "node" { try addNode(completed(ended, name)) } else { try addEdge(completed(ended, name)) }
    case "graph":
      if let graph { draft.name = completed(graph, name).values.text("Network", "name", "label") ?? graph.identity }
      graph = nil
    default: break
    }
  }

  /// Throws `not-a-topology` where there was no graph.
  func finished(_ start: Mark) throws(Problem) -> TopologyDraft {
    guard hasGraph else {
      throw start.problem("not-a-topology", "The GraphML file has no graph.", remedy: "Add a 'graph' element.")
    }
    return draft
  }

  private mutating func beginGraph(_ attributes: [String: String], _ parent: String?, _ mark: Mark) throws(Problem) {
    guard parent == "graphml", !hasGraph else {
      throw mark.problem(
        "not-available", "A second or nested graph is not read.", remedy: "Put it into a file of its own.")
    }
    hasGraph = true
    isDirected = attributes["edgedefault"] == "directed"
    graph = Element(attributes: attributes, values: TopologyAttributes(subject: "The graph", mark: mark))
  }

  private static func element(_ name: String, _ attributes: [String: String], _ mark: Mark) throws(Problem) -> Element {
    let subject: String
    if name == "node" {
      subject = "Node '\(try attribute("id", attributes, "A node", mark).excerpt)'"
    } else {
      let source = try attribute("source", attributes, "An edge", mark).excerpt
      subject = "The edge between '\(source)' and '\(try attribute("target", attributes, "An edge", mark).excerpt)'"
    }
    return Element(attributes: attributes, values: TopologyAttributes(subject: subject, mark: mark))
  }

  /// With what the keys' defaults say where nothing is written.
  private func completed(_ element: Element, _ domain: String) -> Element {
    var element = element
    for usual in usual where (usual.domain == domain || usual.domain == "all") && element.values[usual.name] == nil {
      element.values[usual.name] = TopologyAttributes.Value(text: usual.text, mark: element.values.mark)
    }
    return element
  }

  private mutating func addNode(_ element: Element) throws(Problem) {
    try draft.add(
      TopologyDraft.Place(
        identity: element.identity ?? "", label: element.values.text("label", "name"),
        position: element.values.position(), mark: element.values.mark))
  }

  private mutating func addEdge(_ element: Element) throws(Problem) {
    let direction = element.attributes["directed"].map { $0 == "true" } ?? isDirected
    try draft.add(
      TopologyDraft.Cable(
        source: element.attributes["source"] ?? "", target: element.attributes["target"] ?? "", isDirected: direction,
        length: element.values.length(), rate: element.values.rate(), latency: element.values.latency(),
        mark: element.values.mark))
  }

  private static func attribute(
    _ name: String, _ attributes: [String: String], _ subject: String, _ mark: Mark
  ) throws(Problem) -> String {
    guard let value = attributes[name] else {
      throw mark.problem("missing-key", "\(subject) has no '\(name)'.", remedy: "Add \(name)=\"…\" to it.")
    }
    return value
  }
}

extension GraphMLGraph.Element {
  fileprivate var identity: String? { attributes["id"] }
}
