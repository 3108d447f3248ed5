/// A picture as a graph: nodes in nested groups, and the edges between them; what the writers write.
///
/// Labels are any text; the writers quote them.
public struct Diagram: Hashable, Sendable {
  /// What a node stands for, and so how it looks.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    case machine, router, segment, host, site
    /// The switch of a site, where its hosts meet the core.
    case `switch`
    /// Where the edges of a segment meet inside one host; it has no label.
    case junction
  }

  /// How nodes find their places.
  public enum Layout: String, Hashable, Sendable, CaseIterable {
    /// In layers from top to bottom.
    case layers
    /// As springs would pull them; without groups.
    case springs
  }

  /// A box around nodes and other groups.
  public struct Group: Hashable, Sendable {
    /// What it stands for.
    public enum Kind: String, Hashable, Sendable, CaseIterable { case site, host }

    public var label: String
    public var kind: Kind
    /// Position in `groups` of the group around this one, below its own; nil is none.
    public var parent: Int?

    public init(label: String, kind: Kind, parent: Int? = nil) {
      self.label = label
      self.kind = kind
      self.parent = parent
    }
  }

  /// A node of the picture.
  public struct Node: Hashable, Sendable {
    /// Lines are separated by line feeds.
    public var label: String
    public var shape: Shape
    /// Position in `groups`; nil is outside all groups.
    public var group: Int?

    public init(label: String, shape: Shape, group: Int? = nil) {
      self.label = label
      self.shape = shape
      self.group = group
    }
  }

  /// A line between two nodes.
  public struct Edge: Hashable, Sendable {
    /// Positions in `nodes`.
    public var from, to: Int
    /// Lines are separated by line feeds.
    public var label: String
    /// One stroke beside the other for each; none is one grey stroke.
    public var colours: [DiagramColour]

    public init(from: Int, to: Int, label: String = "", colours: [DiagramColour] = []) {
      self.from = from
      self.to = to
      self.label = label
      self.colours = colours
    }
  }

  public var title: String
  public var layout: Layout
  public var groups: [Group]
  public var nodes: [Node]
  public var edges: [Edge]
  /// What colours mean, in the order in which they are listed below the picture.
  public var legend: [Entry]

  /// What a colour means.
  public struct Entry: Hashable, Sendable {
    public var label: String
    public var colour: DiagramColour

    public init(label: String, colour: DiagramColour) {
      self.label = label
      self.colour = colour
    }
  }

  public init(
    title: String, layout: Layout = .layers, groups: [Group] = [], nodes: [Node] = [], edges: [Edge] = [],
    legend: [Entry] = []
  ) {
    self.title = title
    self.layout = layout
    self.groups = groups
    self.nodes = nodes
    self.edges = edges
    self.legend = legend
  }

  /// Adds a node and gives its position.
  mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// Adds a group and gives its position.
  mutating func add(_ group: Group) -> Int {
    groups.append(group)
    return groups.count - 1
  }
}
