import CGraphviz
import Quantities
import Synchronization

/// Draws graphs in the DOT language with Graphviz' C library (`gvc.h`).
public enum GraphPicture {
  /// How nodes find their places; the names of Graphviz' layout engines.
  public enum Layout: String, Hashable, Sendable, CaseIterable {
    /// In layers from top to bottom; takes groups.
    case dot
    /// By springs (Kamada and Kawai); without groups.
    case neato
    /// By springs (Fruchterman and Reingold); takes groups.
    case fdp
    /// Like `fdp` on several scales, for thousands of nodes; without groups.
    case sfdp
  }

  /// Larger texts are refused.
  public static let maximumBytes = 16 << 20
  /// Larger graphs are refused, for nobody could read them.
  public static let maximumNodes = 3000
  /// Edges; see `maximumNodes`.
  public static let maximumEdges = 10_000

  /// The graph that `dot` describes, drawn.
  ///
  /// May be called from any thread; drawings wait for each other, since Graphviz keeps global state. The same text
  /// gives the same picture with the same version of Graphviz and fonts, if the graph has a name. Graphviz reads files that the attributes
  /// `image` and `shapefile` name: give it what `DOTWriter` wrote, not what a stranger wrote.
  ///
  /// Large graphs are laid out with less care, so that it takes seconds: above 150 nodes and edges lines are straight
  /// and crossings are not searched for at length; above 1000 nodes or 3000 edges the layout is `sfdp`.
  ///
  /// - Parameter layout: nil is what the graph's attribute `layout` names, else `dot`.
  /// - Throws: `bad-diagram` where the text is not DOT, `picture-too-large`, `no-graphviz` where Graphviz lacks a
  ///   plug-in, or `picture-failed`.
  public static func render(dot: String, layout: Layout? = nil, format: PictureFormat) throws(Problem) -> [UInt8] {
    guard dot.utf8.count <= maximumBytes else {
      throw tooLarge("The diagram has \(dot.utf8.count) bytes, more than \(maximumBytes).")
    }
    guard !dot.utf8.contains(0) else { throw bad("it has a NUL character") }
    let result: Result<[UInt8], Problem> = turn.withLock { _ in
      do throws(Problem) {
        return .success(try draw(dot, layout, format))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func draw(_ dot: String, _ layout: Layout?, _ format: PictureFormat) throws(Problem) -> [UInt8] {
    GraphvizMessages.clear()
    agseterrf(GraphvizMessages.keep)
    defer { agseterrf(nil) }
    guard let context = gvContext() else {
      throw failed("its library does not start")
    }
    defer { gvFreeContext(context) }
    guard let graph = GraphText.read(dot) else { throw bad(GraphvizMessages.first ?? "it is malformed") }
    defer { agclose(graph) }
    try check(graph)
    let engine = GraphThrift.layout(of: graph, wanted: layout ?? Layout.named(in: graph)).rawValue
    guard gvLayout(context, graph, engine) == 0 else { throw missing("layout '\(engine)'") }
    defer { gvFreeLayout(context, graph) }
    return try render(context, graph, format)
  }

  private static func check(_ graph: UnsafeMutablePointer<Agraph_t>) throws(Problem) {
    let (nodes, edges) = (Int(agnnodes(graph)), Int(agnedges(graph)))
    guard nodes <= maximumNodes, edges <= maximumEdges else {
      throw tooLarge(
        "The diagram has \(nodes) nodes and \(edges) edges, more than \(maximumNodes) and \(maximumEdges).")
    }
  }

  private static func render(
    _ context: OpaquePointer, _ graph: UnsafeMutablePointer<Agraph_t>, _ format: PictureFormat
  ) throws(Problem) -> [UInt8] {
    var data: UnsafeMutablePointer<CChar>?
    var length: UInt32 = 0
    guard gvRenderData(context, graph, format.rawValue, &data, &length) == 0, let data else {
      throw missing("format '\(format.rawValue)'")
    }
    defer { gvFreeRenderData(data) }
    guard length > 0 else { throw failed(GraphvizMessages.first ?? "the picture is empty") }
    return [UInt8](UnsafeRawBufferPointer(start: data, count: Int(length)))
  }

  /// Held while Graphviz works.
  private static let turn = Mutex<Void>(())

  private static func bad(_ why: String) -> Problem {
    Problem(
      .invalid, "bad-diagram", "The diagram is not DOT: \(why.excerpt).",
      remedy: "Write it as https://graphviz.org/doc/info/lang.html says.")
  }

  private static func tooLarge(_ message: String) -> Problem {
    Problem(.invalid, "picture-too-large", message, remedy: "Draw a part of it, or write it as DOT.")
  }

  private static func missing(_ what: String) -> Problem {
    Problem(
      .failed, "no-graphviz", "Graphviz has no \(what)\(GraphvizMessages.first.map { ": \($0.excerpt)" } ?? "").",
      remedy: "Install the Debian package libgvc6, and run 'dot -c' as root if it was there already.")
  }

  private static func failed(_ why: String) -> Problem {
    Problem(
      .failed, "picture-failed", "Graphviz could not draw the diagram: \(why.excerpt).",
      remedy: "Write the diagram as DOT and look at what 'dot' says about it.")
  }
}

extension GraphPicture.Layout {
  /// What the graph's attribute `layout` names; `dot` where it has none, or one that is unknown here.
  fileprivate static func named(in graph: UnsafeMutablePointer<Agraph_t>) -> Self {
    var attribute = Array("layout".utf8CString)
    guard let value = agget(graph, &attribute) else { return .dot }
    return Self(rawValue: String(cString: value)) ?? .dot
  }
}
