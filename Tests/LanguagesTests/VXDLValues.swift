import Foundation
import FoundationXML
import Languages
import Quantities

/// Real descriptions, as published by their authors.
let vxdlFiles = [
  "full-example", "second-dialect", "two-nodes", "virtual-0", "virtual-7", "virtual-31", "physical-0",
]

func vxdlBytes(_ name: String) throws -> [UInt8] { try bytes(of: "Tests/LanguagesTests/VXDLFiles/\(name).xml") }

func vxdlFile(_ name: String) throws -> VXDLDocument { try VXDLReader.read(text: vxdlBytes(name), file: "\(name).xml") }

func readVXDL(_ text: String) throws(Problem) -> VXDLDocument {
  try VXDLReader.read(text: Array(text.utf8), file: "lab.xml")
}

/// A description of the published form with this inside.
func description(_ content: String, id: String = "lab") -> String {
  """
  <description xmlns="http://www.vxdlforum.org/vxdl"><virtualInfrastructure><id>\(id)</id>
  \(content)
  </virtualInfrastructure></description>
  """
}

/// Two nodes and a link between them with this inside.
func linked(_ content: String) -> String {
  description(
    """
    <vNode><id>a</id></vNode><vNode><id>b</id></vNode>
    <vLink><id>l</id><source>a</source><destination>b</destination>\(content)</vLink>
    """)
}

/// How often each (path, text) stands in an XML document, attributes included: found apart from the reader.
func pathTexts(_ text: [UInt8]) throws -> [String: Int] {
  final class Collector: XMLParserDelegate {
    var found: [String: Int] = [:]
    var path: [String] = []
    var texts: [String] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      path.append(name)
      texts.append("")
      for (key, value) in attributes where !key.hasPrefix("xsi:") && !key.hasPrefix("xmlns") {
        found["\(path.joined(separator: "/"))@\(key)=\(value)", default: 0] += 1
      }
    }
    func parser(_ parser: XMLParser, foundCharacters text: String) { texts[texts.count - 1] += text }
    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      let text = texts.removeLast().trimmingCharacters(in: .whitespacesAndNewlines)
      found["\(path.joined(separator: "/"))=\(text)", default: 0] += 1
      path.removeLast()
    }
  }
  let collector = Collector()
  let parser = XMLParser(data: Data(text))
  parser.delegate = collector
  guard parser.parse() else { throw CocoaError(.fileReadCorruptFile) }
  return collector.found
}
