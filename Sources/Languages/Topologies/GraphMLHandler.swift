import Foundation
import FoundationXML
import Quantities

/// Follows a parser through a GraphML document and collects its graph.
///
/// One parse, on one thread. After the first problem the parser is stopped.
final class GraphMLHandler: NSObject, XMLParserDelegate {
  static let maximumDepth = 64
  /// Of one attribute, in bytes; more is cut off.
  private static let maximumText = 4096

  private(set) var problem: Problem?
  private let file: String
  private var graphs = GraphMLGraph()
  /// Names of the open elements, without prefix.
  private var open: [String] = []
  private var hasRoot = false
  /// What the `data` or `default` element that is open at that depth holds so far.
  private var value: (depth: Int, text: String)?

  init(file: String) { self.file = file }

  /// An element was begun, and all are ended: a parser that reaches the end of the text early does not say so.
  var isWhole: Bool { hasRoot && open.isEmpty }

  /// Throws `not-a-topology` where the document has no graph.
  func graph(_ start: Mark) throws(Problem) -> TopologyDraft { try graphs.finished(start) }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    let name = Self.local(element)
    let mark = mark(parser)
    open.append(name)
    hasRoot = true
    guard open.count <= Self.maximumDepth else {
      return stop(
        parser,
        mark.problem(
          "too-deep", "The file is nested more than \(Self.maximumDepth) levels deep.", remedy: "Close the elements."))
    }
    // Inside a value stand extensions of other programs.
    guard value == nil else { return }
    let parent = open.dropLast().last
    let isValue = name == "data" || name == "default"
    // Values of ports are nobody's.
    if isValue, !["graph", "node", "edge", "key"].contains(parent) { return }
    do throws(Problem) {
      try graphs.begin(name, within: parent, attributes, mark)
      if isValue { value = (open.count, "") }
    } catch {
      stop(parser, error)
    }
  }

  func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
    guard problem == nil, let name = open.popLast() else { return }
    if let ended = value {
      guard open.count == ended.depth - 1 else { return }
      graphs.end(name, ended.text.trimmingCharacters(in: .whitespacesAndNewlines))
      value = nil
      return
    }
    do throws(Problem) {
      try graphs.end(name)
    } catch {
      stop(parser, error)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard let value, open.count == value.depth, value.text.utf8.count < Self.maximumText else { return }
    self.value?.text += string.prefix(Self.maximumText)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
    stop(parser, GraphMLReader.malformed(mark(parser)))
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  private func stop(_ parser: XMLParser, _ problem: Problem) {
    guard self.problem == nil else { return }
    self.problem = problem
    parser.abortParsing()
  }

  private func mark(_ parser: XMLParser) -> Mark {
    Mark(file: file, line: max(1, parser.lineNumber), column: max(1, parser.columnNumber))
  }

  private static func local(_ name: String) -> String {
    name.split(separator: ":").last.map(String.init) ?? name
  }
}
