import API
import Languages
import Pictures
import Quantities
import WebServer

/// Diagrams as answers.
enum DiagramPicture {
  static let answers: [RouteAnswer] = [
    RouteAnswer(
      status: 200, summary: "The picture. In SVG the title of each node is its name, of each edge its ends' names.",
      types: [
        ("image/svg+xml", .string), ("text/vnd.graphviz", .string), ("text/vnd.mermaid", .string),
      ], headers: ["ETag": .string]),
    .notModified,
  ]

  static func entity(_ diagram: Diagram, _ format: String) throws(Problem) -> Entity {
    switch format {
    case "dot": return Entity(type: "text/vnd.graphviz", Array(DOTWriter.write(diagram).utf8))
    case "mermaid": return Entity(type: "text/vnd.mermaid", Array(MermaidWriter.write(diagram).utf8))
    default:
      let picture = try GraphPicture.render(dot: DOTWriter.write(diagram), format: .svg)
      return Entity(type: "image/svg+xml", named(picture, diagram))
    }
  }

  /// The picture with names for titles: Graphviz has the numbers of nodes there.
  private static func named(_ picture: [UInt8], _ diagram: Diagram) -> [UInt8] {
    let names = names(in: diagram)
    var result = ""
    var rest = Substring(String(decoding: picture, as: UTF8.self))
    while let begin = rest.range(of: "<title>"), let end = rest[begin.upperBound...].range(of: "</title>") {
      let title = rest[begin.upperBound..<end.lowerBound]
      result += rest[..<begin.upperBound] + self.title(title, names) + "</title>"
      rest = rest[end.upperBound...]
    }
    return Array((result + rest).utf8)
  }

  private static func title(_ title: Substring, _ names: [String]) -> String {
    let ends = title.split(separator: "&#45;&#45;", omittingEmptySubsequences: true)
    let found = ends.map { end in
      end.hasPrefix("n") ? Int(end.dropFirst()).flatMap { names.indices.contains($0) ? names[$0] : nil } : nil
    }
    return found.contains(nil) ? String(title) : found.compactMap { $0 }.joined(separator: "&#45;&#45;")
  }

  /// The first line of a node's label is its name; a switch's name is its site's.
  private static func names(in diagram: Diagram) -> [String] {
    diagram.nodes.map { node in
      let isSwitch = node.shape == .switch
      let label = isSwitch ? node.group.map { diagram.groups[$0].label } ?? node.label : node.label
      return escaped(String(label.prefix { $0 != "\n" }))
    }
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}

extension Call {
  /// A picture, drawn on another thread where it is not known yet.
  ///
  /// - Parameters:
  ///   - object: Of what; with the route it names it.
  ///   - stamp: Another one means another picture.
  func picture(of object: String, stamp: Int64, _ diagram: @escaping @Sendable () -> Diagram) -> Outcome {
    let format = request.parameter("format") ?? "svg"
    let key = DocumentCache.Key(route: route.id, object: "\(object) \(format)")
    return work {
      let entity = try service.cache.entity(key, stamp: stamp) { try DiagramPicture.entity(diagram(), format) }
      return entity.response(to: request)
    }
  }
}

extension Substring {
  /// Where a text stands for the first time; linear in the length.
  fileprivate func range(of text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    var start = utf8.startIndex
    while let index = utf8[start...].firstIndex(of: wanted[0]) {
      if utf8[index...].starts(with: wanted) { return index..<utf8.index(index, offsetBy: wanted.count) }
      start = utf8.index(after: index)
    }
    return nil
  }
}
