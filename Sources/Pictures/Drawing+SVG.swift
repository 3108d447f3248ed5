extension Drawing {
  /// As SVG 1.1; text stays text.
  var svg: [UInt8] {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" \
      viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img" \
      font-family="'DejaVu Sans', Verdana, sans-serif">
      <title>\(Self.escaped(title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>

      """
    for element in elements { text += Self.svg(element) + "\n" }
    return Array((text + "</svg>\n").utf8)
  }

  private static func svg(_ element: Element) -> String {
    switch element {
    case .area(let points, let colour, let border, let hint):
      let stroke = border.map { " stroke=\"\($0.hex)\"" } ?? ""
      let start = "<polygon points=\"\(list(points))\" fill=\"\(colour.hex)\"\(stroke)"
      return hint.map { "\(start)><title>\(escaped($0))</title></polygon>" } ?? "\(start)/>"
    case .line(let points, let colour, let width, let dashes):
      let dash = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes.map(number).joined(separator: " "))\""
      return "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(colour.hex)\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\"\(dash)/>"
    case .text(let text):
      let (x, y) = (number(text.at.x), number(text.at.y))
      let turn = text.isUpright ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
      let weight = text.isBold ? " font-weight=\"bold\"" : ""
      return "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(text.size))\" text-anchor=\"\(text.anchor.rawValue)\" "
        + "fill=\"\(text.colour.hex)\"\(weight)\(turn)>\(escaped(text.string))</text>"
    }
  }

  private static func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// To a hundredth, without needless digits.
  private static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// Text between tags; characters that XML 1.0 cannot hold (section 2.2) become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
