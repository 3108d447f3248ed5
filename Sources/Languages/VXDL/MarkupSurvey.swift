import Quantities

/// A first walk over the bytes of an XML document, before any parser sees them.
///
/// It finds where every start tag stands, and refuses what would cost much time or memory or reach outside
/// the file: document type declarations (without which there are no entities beside the predefined ones, XML
/// 1.0, section 4.6), other encodings than UTF-8, and nesting, tags and element counts beyond the bounds.
/// Whether the document is well-formed is left to the parser.
struct MarkupSurvey {
  static let maximumBytes = 8 << 20
  static let maximumDepth = 64
  static let maximumElements = 500_000
  /// Of one tag: a parser compares each attribute of a tag with all others.
  static let maximumTagBytes = 4096

  /// Of the `<` of each start tag, in order.
  private(set) var marks: [Mark] = []

  private let bytes: [UInt8]
  private let file: String
  private var index = 0
  private var line = 1
  /// Where `line` begins, and how many bytes of it before `index` continue a scalar.
  private var lineStart = 0
  private var continuations = 0
  private var depth = 0

  /// Throws `file-too-large`, `empty-file`, `not-utf8`, `xml-entity`, `too-deep`, `too-many-values` or `bad-xml`.
  init(_ text: [UInt8], file: String) throws(Problem) {
    bytes = text
    self.file = file
    try checkText()
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        advance(1)
        continue
      }
      try markup()
    }
  }

  private var mark: Mark { Mark(file: file, line: line, column: index - lineStart - continuations + 1) }

  private mutating func advance(_ count: Int) {
    for _ in 0..<min(count, bytes.count - index) {
      let byte = bytes[index]
      index += 1
      if byte == 10 { (line, lineStart, continuations) = (line + 1, index, 0) }
      if byte & 0xc0 == 0x80 { continuations += 1 }
    }
  }

  private func stands(_ text: StaticString, at place: Int? = nil) -> Bool {
    text.withUTF8Buffer { bytes[(place ?? index)...].starts(with: $0) }
  }

  private mutating func markup() throws(Problem) {
    if stands("<!--") { return try skip(4, through: "-->", "comment") }
    if stands("<![CDATA[") { return try skip(9, through: "]]>", "CDATA section") }
    if stands("<?") { return try instruction() }
    if stands("<!") { throw declaration() }
    try tag()
  }

  private func declaration() -> Problem {
    mark.problem(
      "xml-entity", "The file has a document type or entity declaration, which VXDL has no use for.",
      remedy: "Remove everything from '<!' on to its '>', and write out what its entities stood for.")
  }

  private mutating func skip(_ count: Int, through end: StaticString, _ what: String) throws(Problem) {
    let start = mark
    let first = end.utf8Start.pointee
    advance(count)
    while index < bytes.count, bytes[index] != first || !stands(end) { advance(1) }
    guard index < bytes.count else {
      throw start.problem("bad-xml", "The file ends inside a \(what).", remedy: "Complete the file.")
    }
    advance(end.utf8CodeUnitCount)
  }

  /// A processing instruction, of which only the XML declaration's encoding matters.
  private mutating func instruction() throws(Problem) {
    let (start, place) = (index, mark)
    try skip(2, through: "?>", "processing instruction")
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    // FoundationXML makes a string of the content, and crashes where there is none (swift-corelibs-foundation 6.3).
    guard text.unicodeScalars.contains(where: { " \t\r\n".unicodeScalars.contains($0) }) else {
      throw place.problem(
        "bad-xml", "The file has the processing instruction '\(text.excerpt)' without content.", remedy: "Remove it.")
    }
    guard text.hasPrefix("<?xml "), let range = text.firstRange(of: "encoding") else { return }
    let value = text[range.upperBound...].drop { " \t\r\n=\"'".unicodeScalars.contains($0.unicodeScalars.first ?? "x") }
    let encoding = value.prefix { !"\"' ?".contains($0) }.uppercased()
    guard ["UTF-8", "UTF8", "US-ASCII", "ASCII"].contains(encoding) else {
      throw place.problem(
        "not-utf8", "The file says that it is '\(encoding.excerpt)', not UTF-8.",
        remedy: "Save it as UTF-8, for example with iconv -t UTF-8, and write encoding=\"UTF-8\".")
    }
  }

  private mutating func tag() throws(Problem) {
    let (start, place) = (index, mark)
    let isEnd = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/")
    var quote: UInt8?
    advance(1)
    while index < bytes.count, quote != nil || bytes[index] != UInt8(ascii: ">") {
      let byte = bytes[index]
      if quote == byte { quote = nil } else if quote == nil, byte == 34 || byte == 39 { quote = byte }
      guard index - start < Self.maximumTagBytes, byte != UInt8(ascii: "<") else {
        throw place.problem(
          "bad-xml", "A tag begins here that is not ended by '>', or has more than \(Self.maximumTagBytes) bytes.",
          remedy: "End the tag, write '<' in attributes as '&lt;', and shorten them.")
      }
      advance(1)
    }
    let isClosed = index > start + 1 && bytes[index - 1] == UInt8(ascii: "/")
    advance(1)
    if isEnd {
      depth -= 1
    } else {
      try count(place)
      if !isClosed { depth += 1 }
    }
  }

  private mutating func count(_ mark: Mark) throws(Problem) {
    marks.append(mark)
    guard depth < Self.maximumDepth else {
      throw mark.problem(
        "too-deep", "The file is nested more than \(Self.maximumDepth) levels deep.",
        remedy: "VXDL needs fewer than ten; close the elements.")
    }
    guard marks.count <= Self.maximumElements else {
      throw mark.problem(
        "too-many-values", "The file has more than \(Self.maximumElements) elements.",
        remedy: "Use vArray for nodes that are alike, or split it.")
    }
  }

  private func checkText() throws(Problem) {
    let start = Mark(file: file, line: 1, column: 1)
    guard bytes.count <= Self.maximumBytes else {
      throw start.problem(
        "file-too-large",
        "The file has \(bytes.count) bytes, more than \(ByteCount(bytes: UInt64(Self.maximumBytes))).",
        remedy: "Use vArray for nodes that are alike, or split it.")
    }
    guard bytes.contains(where: { $0 > 32 }) else {
      throw start.problem("empty-file", "The file is empty.", remedy: "Write a VXDL description into it.")
    }
    // UTF-16 of plain letters is valid UTF-8 with zeros in it.
    guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
      throw fault().problem(
        "not-utf8", "The file is not UTF-8 text.", remedy: "Save it as UTF-8, for example with iconv -t UTF-8.")
    }
  }

  /// Of the first byte that is not UTF-8, or zero.
  private func fault() -> Mark {
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    var (line, column) = (1, 1)
    while case .scalarValue(let scalar) = decoder.decode(&rest), scalar.value != 0 {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return Mark(file: file, line: line, column: column)
  }
}
