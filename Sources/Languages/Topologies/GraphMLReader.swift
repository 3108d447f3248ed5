import Foundation
import FoundationXML
import Infrastructure
import Quantities

/// Reads topologies in GraphML (Brandes, Eiglsperger, Lerner and Pich, *Graph Markup Language*, 2013), as the
/// Internet Topology Zoo and `networkx.write_graphml` write them.
///
/// - Nodes: the name from `label` or `name`; the position from `Latitude` and `Longitude` in degrees.
/// - Edges: the rate from `LinkSpeedRaw` (bit/s) or `rate` (`10Gbit/s`); the latency from `latency` (`5ms`), else
///   from `dist` (km), else along the great circle between positions.
/// - The graph: its name from `Network`, `name` or `label`.
/// - Other attributes, ports and extensions are ignored; `default` of a key counts where an element has no value.
///   Parallel edges become one with the sum of their rates. Nested graphs and hyperedges are refused, and so are
///   document types and entities.
public enum GraphMLReader {
  /// The substrate that `text` describes, completed by `defaults`.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 32 MiB, 100,000 nodes and 1,000,000 edges.
  ///   - file: how the file is called in problems' locations.
  ///   - defaults: what a topology does not say.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1: `not-xml`,
  ///   `not-a-topology`, `xml-doctype`, `xml-encoding`, `no-such-site`, `link-loop`, `duplicate-site`, `bad-number`,
  ///   `out-of-bounds`, `too-deep`, `too-many` and what is wrong with a value.
  public static func read(
    text: [UInt8], file: String, defaults: TopologyDefaults = TopologyDefaults()
  ) throws(Problem) -> Substrate {
    let text = try TopologyText.checked(text, file)
    try GraphMLGuard.check(text, file)
    let handler = GraphMLHandler(file: file)
    let parser = XMLParser(data: Data(text))
    parser.shouldResolveExternalEntities = false
    parser.delegate = handler
    let isWhole = parser.parse()
    if let problem = handler.problem { throw problem }
    guard isWhole, handler.isWhole else {
      throw malformed(Mark(file: file, line: max(1, parser.lineNumber), column: max(1, parser.columnNumber)))
    }
    return try handler.graph(Mark(file: file, line: 1, column: 1)).substrate(file, defaults)
  }

  /// Text that no XML parser takes.
  static func malformed(_ mark: Mark) -> Problem {
    mark.problem("not-xml", "The file is not well-formed XML.", remedy: "Close what is open, and quote & and <.")
  }
}
