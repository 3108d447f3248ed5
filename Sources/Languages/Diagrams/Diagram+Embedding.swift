import Embedding
import Infrastructure
import Quantities

extension Diagram {
  /// An embedding: the substrate with each node in its host, and each network's way in a colour of its own.
  ///
  /// All sites and core links are drawn, but only the hosts that carry a node. What the embedding names and the
  /// request or the substrate lacks is left out.
  public init(_ embedding: Embedding, of request: VirtualInfrastructure, on substrate: Substrate) {
    self.init(title: "\(request.name) on \(substrate.name)")
    var picture = EmbeddingPicture(substrate, embedding, request)
    for (index, network) in request.networks.enumerated() {
      let colour = DiagramColour.number(index)
      picture.add(network, colour)
      legend.append(Entry(label: DiagramText.network(network).replacing("\n", with: ", "), colour: colour))
    }
    groups = picture.diagram.groups
    nodes = picture.diagram.nodes
    edges = picture.allEdges
  }
}

/// Collects the strokes of the networks that share an edge.
private struct EmbeddingPicture {
  private struct Ends: Hashable {
    var from, to: Int
  }

  private let substrate: Substrate
  private let embedding: Embedding
  private(set) var diagram = Diagram(title: "")
  /// Positions of the sites' switches, the hosts' groups and the nodes.
  private var switches: [Name: Int] = [:]
  private var hosts: [Name: (group: Int, site: Name)] = [:]
  private var nodes: [Name: Int] = [:]
  private var uplinks: [Diagram.Edge] = []
  private var uplinkPositions: [Ends: Int] = [:]
  private var coreColours: [[DiagramColour]]

  init(_ substrate: Substrate, _ embedding: Embedding, _ request: VirtualInfrastructure) {
    self.substrate = substrate
    self.embedding = embedding
    coreColours = Array(repeating: [], count: substrate.links.count)
    var groups: [Name: Int] = [:]
    for site in substrate.sites {
      let group = diagram.add(Diagram.Group(label: site.name.description, kind: .site))
      groups[site.name] = group
      switches[site.name] = diagram.add(Diagram.Node(label: "switch", shape: .switch, group: group))
    }
    let used = Set(request.nodes.compactMap { embedding.placement[$0.name] })
    for host in substrate.hosts where used.contains(host.name) {
      let label = "\(host.name)\n\(DiagramText.host(host))"
      hosts[host.name] = (diagram.add(Diagram.Group(label: label, kind: .host, parent: groups[host.site])), host.site)
    }
    for node in request.nodes {
      guard let host = embedding.placement[node.name].flatMap({ hosts[$0] }) else { continue }
      let label = "\(node.name)\n\(node.cpu) \(node.cpu.thousandths == 1000 ? "core" : "cores"), \(node.memory)"
      nodes[node.name] = diagram.add(Diagram.Node(label: label, shape: Diagram.Shape(node.kind), group: host.group))
    }
  }

  /// Core links as they were, with the strokes of what crosses them, then the ways to the switches.
  var allEdges: [Diagram.Edge] {
    let core = zip(substrate.links, coreColours).compactMap { link, colours -> Diagram.Edge? in
      guard let from = switches[link.ends.first], let to = switches[link.ends.second] else { return nil }
      return Diagram.Edge(from: from, to: to, label: DiagramText.link(link), colours: colours)
    }
    return core + uplinks
  }

  mutating func add(_ network: Network, _ colour: DiagramColour) {
    guard let tree = embedding.trees[network.name] else { return }
    let links = Set(tree.links + tree.paths.flatMap(\.links))
    for link in links.sorted() where coreColours.indices.contains(link) { coreColours[link].append(colour) }
    var ends: [Int] = []
    for endpoint in network.endpoints {
      guard let node = nodes[endpoint.node] else { continue }
      guard !tree.sites.isEmpty else {
        ends.append(node)
        continue
      }
      guard let site = embedding.placement[endpoint.node].flatMap({ hosts[$0]?.site }), let to = switches[site]
      else { continue }
      stroke(to, node, colour)
    }
    addLocal(ends, colour)
  }

  /// A network inside one host: a line between two nodes, else a star.
  private mutating func addLocal(_ ends: [Int], _ colour: DiagramColour) {
    if ends.count == 2 {
      stroke(ends[0], ends[1], colour)
    } else if let first = ends.first {
      let group = diagram.nodes[first].group
      let centre = diagram.add(Diagram.Node(label: "", shape: .junction, group: group))
      for end in ends { stroke(centre, end, colour) }
    }
  }

  private mutating func stroke(_ from: Int, _ to: Int, _ colour: DiagramColour) {
    let ends = Ends(from: from, to: to)
    if let position = uplinkPositions[ends] {
      uplinks[position].colours.append(colour)
    } else {
      uplinkPositions[ends] = uplinks.count
      uplinks.append(Diagram.Edge(from: from, to: to, colours: [colour]))
    }
  }
}
