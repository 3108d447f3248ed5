import Foundation
import FoundationXML
import Testing

/// What a picture file says, as far as tests ask.
struct PictureFile {
  /// Texts of an SVG file: what is written, and what is shown to who points at something.
  private final class Texts: NSObject, XMLParserDelegate {
    var written: [String] = []
    var hints: [String] = []
    var root = ""
    private var open = ""

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      if root.isEmpty { root = element }
      open = element
      if element == "text" { written.append("") }
      if element == "title" { hints.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if open == "text" { written[written.count - 1] += string }
      if open == "title" { hints[hints.count - 1] += string }
    }

    func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
      open = ""
    }
  }

  var written: [String]
  var hints: [String]

  /// Records an issue where the bytes are no well-formed SVG.
  init(svg: [UInt8]) throws {
    // Graphviz names a document type, which is not fetched.
    let parser = XMLParser(data: Data(svg))
    let texts = Texts()
    parser.delegate = texts
    #expect(parser.parse() && parser.parserError == nil, "\(String(describing: parser.parserError))")
    #expect(texts.root == "svg")
    written = texts.written
    hints = texts.hints
  }

  /// Width and height of a PNG file (RFC 2083, section 4.1.1); nil where it is none.
  static func size(png: [UInt8]) -> (width: Int, height: Int)? {
    guard png.count > 24, png.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      png[12..<16].elementsEqual("IHDR".utf8), png.suffix(8).prefix(4).elementsEqual("IEND".utf8)
    else { return nil }
    func number(_ start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 + Int($1) } }
    return (number(16), number(20))
  }
}
