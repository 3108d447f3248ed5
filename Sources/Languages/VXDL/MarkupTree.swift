import Foundation
import FoundationXML
import Quantities

/// Reads one XML document into located elements, strictly and within `MarkupSurvey`'s bounds.
enum MarkupTree {
  /// The root element of the document in `text`. Throws `bad-xml` and what `MarkupSurvey` throws.
  static func load(_ text: [UInt8], file: String) throws(Problem) -> MarkupElement {
    let survey = try MarkupSurvey(text, file: file)
    let collector = Collector(marks: survey.marks)
    let parser = XMLParser(data: Data(text))
    parser.shouldProcessNamespaces = true
    parser.shouldResolveExternalEntities = false
    parser.delegate = collector
    let isParsed = parser.parse()
    if let fault = collector.fault {
      throw mark(of: fault, in: text, file: file).problem(
        "bad-xml", "The file is not well-formed XML: \(fault.text).",
        remedy: "Correct it here or shortly before; 'xmllint --noout FILE' tells more.")
    }
    // The parser takes a document that breaks off for complete.
    guard let root = collector.root, collector.open.isEmpty, isParsed else {
      let start = collector.open.last?.mark ?? Mark(file: file, line: 1, column: 1)
      let what = collector.open.last.map { "element '\($0.name.excerpt)' stays open" } ?? "it has no whole element"
      throw start.problem(
        "bad-xml", "The file is not well-formed XML: \(what).", remedy: "Complete the file.")
    }
    return root
  }

  /// The parser counts columns in bytes.
  private static func mark(of fault: Fault, in text: [UInt8], file: String) -> Mark {
    let lines = text.split(separator: 10, omittingEmptySubsequences: false)
    let line = max(1, min(fault.line, lines.count))
    let before = lines[line - 1].prefix(max(0, fault.column - 1))
    return Mark(file: file, line: line, column: before.count { $0 & 0xc0 != 0x80 } + 1)
  }

  private struct Fault {
    var text: String
    var line, column: Int
  }

  /// Builds the tree from the parser's calls.
  private final class Collector: XMLParserDelegate {
    private(set) var root: MarkupElement?
    private(set) var open: [MarkupElement] = []
    /// The first one, which ends the parsing.
    private(set) var fault: Fault?
    private let marks: [Mark]
    private var count = 0

    init(marks: [Mark]) { self.marks = marks }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      guard fault == nil else { return }
      guard count < marks.count else { return note("there is a tag where none can be", parser) }
      var element = MarkupElement(name)
      element.namespace = namespaceURI ?? ""
      element.attributes = attributes
      element.mark = marks[count]
      count += 1
      open.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      guard fault == nil, var element = open.popLast() else { return }
      element.text = element.text.trimmedMarkup
      if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { add(text) }

    func parser(_ parser: XMLParser, foundCDATA data: Data) { add(String(decoding: data, as: UTF8.self)) }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
      note(Self.text((error as NSError).code), parser)
    }

    private func add(_ text: String) {
      guard fault == nil, !open.isEmpty else { return }
      open[open.count - 1].text += text
    }

    private func note(_ text: String, _ parser: XMLParser) {
      guard fault == nil else { return }
      fault = Fault(text: text, line: parser.lineNumber, column: parser.columnNumber)
      // It would go on as if nothing were wrong, where what the survey has seen no longer holds.
      parser.abortParsing()
    }

    /// What libxml2's `xmlParserErrors` (libxml/xmlerror.h) mean, where they are common.
    private static func text(_ code: Int) -> String {
      switch code {
      case 4: "it does not begin with an element"
      case 5: "there is something after its root element, or it breaks off"
      case 6...9: "there is a character that XML does not allow"
      case 23, 26: "there is an '&' that is not written as '&amp;', or an entity that XML does not know"
      case 38: "there is a '<' in an attribute; write '&lt;'"
      case 39, 41, 65: "an attribute has no quoted value, or no space before it"
      case 42: "an attribute stands twice in a tag"
      case 68: "there is a '<' that begins no name; write '&lt;'"
      case 73: "a tag is not ended by '>'"
      case 76, 77: "an end tag does not match its start tag"
      case 80: "a comment has '--' in it"
      case 81, 32: "its encoding is not what it says"
      case 99: "a namespace is not a URI"
      case 201, 202: "a namespace prefix is not declared"
      default: "the parser reports error \(code) of libxml2"
      }
    }
  }
}
