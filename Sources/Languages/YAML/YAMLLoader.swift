import Quantities

/// Reads one YAML document into located nodes, strictly and within bounds.
///
/// Refused are: other encodings than UTF-8, a second document, a key that stands twice in a mapping, keys
/// that are no scalars, tags, and more than the bounds below, so that neither nesting nor aliases
/// (`billion laughs`) nor long variables cost much time or memory.
struct YAMLLoader: ~Copyable {
  static let maximumBytes = 8 << 20
  static let maximumDepth = 64
  static let maximumNodes = 1_000_000

  private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  private var parser: YAMLParser
  private let environment: Environment
  private var anchors: [String: LocatedNode] = [:]
  private var textBytes = 0
  private var nodeCount = 0

  private init(_ text: [UInt8], file: String, environment: [String: String]) throws(Problem) {
    parser = try YAMLParser(text, file: file)
    self.environment = Environment(environment)
  }

  /// The root of the document in `text`; `${VAR}` is substituted from `environment`.
  static func load(_ text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> LocatedNode {
    let start = Mark(file: file, line: 1, column: 1)
    guard text.count <= maximumBytes else {
      throw start.problem(
        "file-too-large", "The file has \(text.count) bytes, more than \(ByteCount(bytes: UInt64(maximumBytes))).",
        remedy: "Use ranges such as worker[1-100] and groups, or split it.")
    }
    try checkEncoding(text, file)
    // Some editors begin UTF-8 with a byte order mark, which libyaml takes only where it guesses the encoding.
    let body = text.starts(with: byteOrderMark) ? Array(text.dropFirst(byteOrderMark.count)) : text
    var loader = try YAMLLoader(body, file: file, environment: environment)
    return try loader.document(start)
  }

  private static func checkEncoding(_ text: [UInt8], _ file: String) throws(Problem) {
    guard String(validating: text, as: UTF8.self) == nil else { return }
    // Decoding puts U+FFFD where the first fault is; one that was written is three valid bytes.
    var decoder = UTF8()
    var bytes = text.makeIterator()
    var (line, column) = (1, 1)
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    throw Mark(file: file, line: line, column: column).problem(
      "not-utf8", "The file is not UTF-8 text.", remedy: "Save it as UTF-8, for example with iconv -t UTF-8.")
  }

  private mutating func document(_ start: Mark) throws(Problem) -> LocatedNode {
    _ = try parser.next()
    guard case .documentStart = try parser.next().kind else {
      throw start.problem("empty-file", "The file is empty.", remedy: "Begin it with 'name: ' and a name.")
    }
    let root = try node(parser.next(), depth: 1)
    _ = try parser.next()
    let next = try parser.next()
    guard case .streamEnd = next.kind else {
      throw next.mark.problem(
        "many-documents", "The file has a second YAML document.", remedy: "Put it into a file of its own.")
    }
    return root
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(Problem) -> LocatedNode {
    guard depth <= Self.maximumDepth else {
      throw event.mark.problem(
        "too-deep", "The file is nested more than \(Self.maximumDepth) levels deep.",
        remedy: "Close the brackets, or indent less.")
    }
    if let tag = event.tag {
      throw event.mark.problem("unknown-tag", "The tag '\(tag.excerpt)' has no meaning here.", remedy: "Remove it.")
    }
    let node = try content(event, depth: depth)
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }

  private mutating func content(_ event: YAMLEvent, depth: Int) throws(Problem) -> LocatedNode {
    switch event.kind {
    case .scalar(let text, let isPlain):
      try count(1, event.mark)
      let text = try environment.substitute(text, event.mark)
      textBytes += text.utf8.count
      try count(0, event.mark)
      return LocatedNode(content: .scalar(text, isPlain: isPlain), mark: event.mark, size: 1)
    case .alias(let name): return try alias(name, event.mark)
    case .sequenceStart: return try sequence(event.mark, depth: depth)
    case .mappingStart: return try mapping(event.mark, depth: depth)
    default: throw event.mark.problem("not-yaml", "The file is not YAML: it ends early.", remedy: "Complete it.")
    }
  }

  private mutating func sequence(_ mark: Mark, depth: Int) throws(Problem) -> LocatedNode {
    try count(1, mark)
    var elements: [LocatedNode] = []
    while true {
      let event = try parser.next()
      if case .sequenceEnd = event.kind { break }
      elements.append(try node(event, depth: depth + 1))
    }
    return LocatedNode(content: .sequence(elements), mark: mark, size: elements.reduce(1) { $0 + $1.size })
  }

  private mutating func mapping(_ mark: Mark, depth: Int) throws(Problem) -> LocatedNode {
    try count(1, mark)
    var entries: [LocatedNode.Entry] = []
    var marks: [String: Mark] = [:]
    while true {
      let event = try parser.next()
      if case .mappingEnd = event.kind { break }
      let key = try key(event, depth: depth)
      if let earlier = marks.updateValue(event.mark, forKey: key) {
        throw event.mark.problem(
          "duplicate-key", "'\(key.excerpt)' stands here a second time; the first is on \(earlier.short).",
          remedy: "Remove one of the two, or rename it.")
      }
      entries.append(LocatedNode.Entry(key: key, mark: event.mark, value: try node(parser.next(), depth: depth + 1)))
    }
    return LocatedNode(content: .mapping(entries), mark: mark, size: entries.reduce(1) { $0 + $1.value.size + 1 })
  }

  private mutating func key(_ event: YAMLEvent, depth: Int) throws(Problem) -> String {
    let node = try node(event, depth: depth + 1)
    guard case .scalar(let key, _) = node.content else {
      throw event.mark.problem(
        "wrong-type", "A key must be plain text, but here is \(node.found).",
        remedy: "Quote the text if it begins with a bracket or a brace.")
    }
    return key
  }

  private mutating func alias(_ name: String, _ mark: Mark) throws(Problem) -> LocatedNode {
    guard let node = anchors[name] else {
      throw mark.problem(
        "unknown-anchor", "'*\(name.excerpt)' refers to an anchor that is not above it.",
        remedy: "Put '&\(name.excerpt)' before the value that it stands for, or quote the text.")
    }
    try count(node.size, mark)
    return node
  }

  /// Counts nodes, and compares nodes and text with their bounds.
  private mutating func count(_ nodes: Int, _ mark: Mark) throws(Problem) {
    nodeCount += nodes
    guard nodeCount <= Self.maximumNodes, textBytes <= 2 * Self.maximumBytes else {
      throw mark.problem(
        "too-many-values",
        "The file has more than \(Self.maximumNodes) values once aliases and variables stand for "
          + "what they mean, or too much text.", remedy: "Use ranges such as worker[1-100] and groups instead.")
    }
  }
}
