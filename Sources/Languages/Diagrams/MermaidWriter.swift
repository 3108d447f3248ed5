/// Writes diagrams as Mermaid flowcharts (https://mermaid.js.org/syntax/flowchart.html), which code forges and wikis
/// draw. Mermaid's own bounds are 500 edges and 50,000 characters; larger diagrams are written all the same.
public enum MermaidWriter {
  /// The same diagram always gives the same text. Labels cannot leave their quotes.
  public static func write(_ diagram: Diagram) -> String {
    var lines = ["---", "title: \(yaml(diagram.title))", "---", "flowchart TB"]
    let tree = DiagramTree(diagram)
    lines += tree.walk { position, depth in
      let indent = String(repeating: "  ", count: depth + 1)
      return ("\(indent)subgraph g\(position)[\(quoted(diagram.groups[position].label))]", "\(indent)end")
    } node: { position, depth in
      String(repeating: "  ", count: depth + 1) + text(diagram.nodes[position], position)
    }
    var styles: [String] = []
    var number = 0
    for edge in diagram.edges where diagram.has(edge) {
      // A line has one colour here, so each stroke is a line; the first has the label.
      for (stroke, colour) in strokes(edge).enumerated() {
        let label = stroke == 0 && !edge.label.isEmpty ? "|\(quoted(edge.label))|" : ""
        lines.append("  n\(edge.from) ---\(label) n\(edge.to)")
        if let colour { styles.append("  linkStyle \(number) stroke:\(colour.hex),stroke-width:3px") }
        number += 1
      }
    }
    lines += styles + legend(diagram)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The title stands in YAML, where entities are text.
  private static func yaml(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
      }
    }
    return result + "\""
  }

  private static func strokes(_ edge: Diagram.Edge) -> [DiagramColour?] {
    edge.colours.isEmpty ? [nil] : edge.colours
  }

  private static func text(_ node: Diagram.Node, _ position: Int) -> String {
    let label = quoted(node.label)
    return switch node.shape {
    case .machine, .site: "n\(position)(\(label))"
    case .router: "n\(position){{\(label)}}"
    case .segment: "n\(position)([\(label)])"
    case .host: "n\(position)[\(label)]"
    case .switch: "n\(position)([\(label)])"
    case .junction: "n\(position)((\" \"))"
    }
  }

  private static func legend(_ diagram: Diagram) -> [String] {
    guard !diagram.legend.isEmpty else { return [] }
    var lines = ["  subgraph legend[\"Networks\"]"]
    lines += diagram.legend.enumerated().map { "    l\($0)[\(quoted($1.label))]" }
    lines.append("  end")
    lines += diagram.legend.enumerated().map { "  style l\($0) stroke:\($1.colour.hex),stroke-width:3px" }
    return lines
  }

  /// A string in double quotes; everything that means something to Mermaid, to Markdown or to HTML is an entity.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "<br/>"
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "/", "(", ")", "-", "=", "+", "%":
        result.unicodeScalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: result += " "
      case _ where scalar.isASCII: result += "#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
