import CGraphviz

/// Keeps the time for a layout to seconds, whatever the graph.
///
/// Measured with Graphviz 2.42 on random graphs with two edges a node: with curved lines, `neato` takes 9 s for 200
/// nodes; `dot` with its own limits takes 6 s for 150 and more than 60 s for 500. With what is set here, both take
/// below 4 s for 1000 nodes.
enum GraphThrift {
  /// Nodes and edges up to which nothing is changed.
  private static let careful = 150
  /// Above either, `sfdp` takes over.
  private static let maximumNodes = 1000
  private static let maximumEdges = 3000

  /// The layout to use; sets the attributes of the graph (https://graphviz.org/doc/info/attrs.html) that save time.
  static func layout(
    of graph: UnsafeMutablePointer<Agraph_t>, wanted: GraphPicture.Layout
  ) -> GraphPicture.Layout {
    let (nodes, edges) = (Int(agnnodes(graph)), Int(agnedges(graph)))
    guard nodes + edges > careful else { return wanted }
    for (name, value) in [("splines", "line"), ("nslimit", "1"), ("nslimit1", "1"), ("mclimit", "0.2")] {
      set(name, value, graph)
    }
    guard nodes > maximumNodes || edges > maximumEdges else { return wanted }
    set("overlap", "prism", graph)
    return .sfdp
  }

  private static func set(_ name: String, _ value: String, _ graph: UnsafeMutablePointer<Agraph_t>) {
    // The library copies all three.
    var (name, value, usual) = (Array(name.utf8CString), Array(value.utf8CString), [CChar(0)])
    agsafeset(graph, &name, &value, &usual)
  }
}
