/// Writes diagrams in Graphviz' DOT language (https://graphviz.org/doc/info/lang.html).
public enum DOTWriter {
  /// An undirected graph; the same diagram always gives the same text. Labels cannot leave their quotes.
  public static func write(_ diagram: Diagram) -> String {
    // A graph without a name is called after a counter of the process.
    var lines = ["graph diagram {"]
    lines.append("  graph [\(attributes(of: diagram))]")
    lines.append("  node [fontname=\"DejaVu Sans\", fontsize=10, style=filled, color=\"#555555\", fillcolor=white]")
    lines.append("  edge [fontname=\"DejaVu Sans\", fontsize=8, color=\"#888888\"]")
    let tree = DiagramTree(diagram)
    lines += tree.walk { position, depth in
      let indent = String(repeating: "  ", count: depth + 1)
      let group = diagram.groups[position]
      return ("\(indent)subgraph cluster\(position) {\n\(indent)  graph [\(style(of: group))]", "\(indent)}")
    } node: { position, depth in
      String(repeating: "  ", count: depth + 1) + "n\(position) [\(style(of: diagram.nodes[position]))]"
    }
    for edge in diagram.edges where diagram.has(edge) {
      lines.append("  n\(edge.from) -- n\(edge.to)\(style(of: edge))")
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private static func attributes(of diagram: Diagram) -> String {
    let common = "fontname=\"DejaVu Sans\", fontsize=12, labelloc=t, bgcolor=white, pad=0.2, "
    let label = "label=\(label(of: diagram))"
    // For many parts, Graphviz would search for a good picture for minutes.
    let isLarge = diagram.nodes.count + diagram.edges.count > 150
    switch diagram.layout {
    case .layers:
      let thrift = isLarge ? "nslimit=1, nslimit1=1, mclimit=0.2, splines=line, " : ""
      return common + "layout=dot, nodesep=0.35, ranksep=0.6, newrank=true, " + thrift + label
    case .springs:
      return common + "layout=neato, overlap=false, sep=\"+25\", outputorder=edgesfirst, "
        + "splines=\(isLarge ? "line" : "true"), mode=sgd, start=1, " + label
    }
  }

  /// The title, and under it what colours mean; a table, since only that can be coloured.
  private static func label(of diagram: Diagram) -> String {
    guard !diagram.legend.isEmpty else { return quoted(diagram.title) }
    let rows = diagram.legend.map {
      "<TR><TD ALIGN=\"LEFT\"><FONT COLOR=\"\($0.colour.hex)\">━━ </FONT>"
        + "<FONT POINT-SIZE=\"9\">\(escapedHTML($0.label))</FONT></TD></TR>"
    }
    return "<<TABLE BORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\"><TR><TD>\(escapedHTML(diagram.title))</TD></TR>"
      + rows.joined() + "</TABLE>>"
  }

  private static func style(of group: Diagram.Group) -> String {
    let look =
      group.kind == .site
      ? "style=\"rounded,filled\", color=\"#bbbbbb\", fillcolor=\"#f4f4f4\""
      : "style=\"filled\", color=\"#999999\", fillcolor=\"#ffffff\", labelloc=b"
    return "label=\(quoted(group.label)), fontsize=\(group.kind == .site ? 11 : 9), \(look)"
  }

  private static func style(of node: Diagram.Node) -> String {
    let look =
      switch node.shape {
      case .machine: "shape=box, style=\"rounded,filled\", fillcolor=\"#e8f1fa\""
      case .router: "shape=hexagon, fillcolor=\"#fdf0dc\""
      case .segment: "shape=ellipse, fillcolor=\"#e6f5ef\""
      case .host: "shape=box, fillcolor=\"#ffffff\""
      case .site: "shape=box, style=\"rounded,filled\", fillcolor=\"#f4f4f4\""
      case .switch: "shape=ellipse, fontsize=8, margin=\"0.02,0.01\", height=0.25, fillcolor=\"#dddddd\""
      case .junction: "shape=point, width=0.08"
      }
    return "label=\(quoted(node.label)), \(look)"
  }

  private static func style(of edge: Diagram.Edge) -> String {
    var parts = edge.label.isEmpty ? [] : ["label=\(plate(edge.label))"]
    if !edge.colours.isEmpty {
      parts.append("color=\"\(edge.colours.map(\.hex).joined(separator: ":"))\", penwidth=2")
    }
    return parts.isEmpty ? "" : " [\(parts.joined(separator: ", "))]"
  }

  /// A label on white ground, so that a line under it does not cross it out.
  private static func plate(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { escapedHTML(String($0)) }
    return "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"1\" CELLPADDING=\"1\"><TR><TD BGCOLOR=\"white\">"
      + "\(lines.joined(separator: "<BR/>"))</TD></TR></TABLE>>"
  }

  /// A string in double quotes, in which Graphviz finds no escape sequence, no entity and no end.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "&": result += "&amp;"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
      }
    }
    return result + "\""
  }

  /// Text of an HTML-like label.
  static func escapedHTML(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // Escape sequences are found even there.
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
      }
    }
    return result
  }
}
