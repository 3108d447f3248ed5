import CYAML
import Quantities

/// Reads one YAML document with libyaml into located nodes.
///
/// Strict where YAML is lax: a key stands once, one document, no aliases (a few bytes of them can stand for
/// gigabytes), no tags, at most 64 levels, at most 8 MiB.
struct YAMLParser {
  private let file: String
  private var parser = yaml_parser_t()
  private let bytes: UnsafeBufferPointer<UInt8>

  static let maximumBytes = 8 << 20
  static let maximumDepth = 64

  static func parse(_ text: [UInt8], file: String) throws(Problem) -> YAMLNode {
    let start = YAMLNode.Place(file: file, line: 1, column: 1)
    guard text.count <= maximumBytes else {
      throw Problem(
        .invalid, "file-too-large", "The file has more than 8 MiB.", remedy: "Split what it describes.",
        location: start.text)
    }
    let result = text.withUnsafeBufferPointer { bytes -> Result<YAMLNode, Problem> in
      var parser = YAMLParser(file: file, bytes: bytes)
      do throws(Problem) { return .success(try parser.document()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private init(file: String, bytes: UnsafeBufferPointer<UInt8>) {
    self.file = file
    self.bytes = bytes
  }

  private mutating func document() throws(Problem) -> YAMLNode {
    guard yaml_parser_initialize(&parser) == 1 else {
      throw Problem(.failed, "no-memory", "libyaml could not start.", remedy: "Free some memory.")
    }
    defer { yaml_parser_delete(&parser) }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
    var root: YAMLNode?
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT:
        guard let root else { throw fault(YAMLNode.Place(file: file, line: 1, column: 1), "the file is empty") }
        return root
      case YAML_DOCUMENT_START_EVENT where root != nil:
        throw fault(place(event.start_mark), "a second document begins here, and one is all that is read")
      case YAML_SCALAR_EVENT, YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT, YAML_ALIAS_EVENT:
        root = try node(event, depth: 0)
      default: continue
      }
    }
  }

  private mutating func next() throws(Problem) -> yaml_event_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(&parser, &event) == 1 else {
      // Reader errors (not UTF-8, control characters) have an offset only.
      let isReader = parser.error == YAML_READER_ERROR
      let mark = isReader ? yaml_mark_t() : parser.problem_mark
      let what = parser.problem.map { String(cString: $0) } ?? "it cannot be parsed"
      throw fault(place(mark), isReader ? "\(what) at byte \(parser.problem_offset)" : what)
    }
    return event
  }

  /// The node that begins with `event`; the caller deletes that event.
  private mutating func node(_ event: yaml_event_t, depth: Int) throws(Problem) -> YAMLNode {
    let place = place(event.start_mark)
    guard depth < Self.maximumDepth else { throw fault(place, "it nests deeper than \(Self.maximumDepth) levels") }
    switch event.type {
    case YAML_SCALAR_EVENT: return YAMLNode(content: try scalar(event.data.scalar, place), place: place)
    case YAML_SEQUENCE_START_EVENT: return YAMLNode(content: .sequence(try sequence(depth)), place: place)
    case YAML_MAPPING_START_EVENT: return YAMLNode(content: .mapping(try mapping(depth)), place: place)
    default: throw fault(place, "aliases ('*name') are not read")
    }
  }

  private func scalar(
    _ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar, _ place: YAMLNode.Place
  ) throws(Problem) -> YAMLNode.Content {
    let text = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    return .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
  }

  private mutating func sequence(_ depth: Int) throws(Problem) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { return items }
      items.append(try node(event, depth: depth + 1))
    }
  }

  private mutating func mapping(_ depth: Int) throws(Problem) -> [(key: YAMLNode, value: YAMLNode)] {
    var entries: [(key: YAMLNode, value: YAMLNode)] = []
    var seen: [String: YAMLNode.Place] = [:]
    while true {
      var event = try next()
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT { return entries }
      let key = try node(event, depth: depth + 1)
      guard case .scalar(let name, _) = key.content else { throw fault(key.place, "a key is \(key.kindName)") }
      if let first = seen.updateValue(key.place, forKey: name) {
        throw key.problem(
          "duplicate-name", "'\(name.excerpt)' stands twice; it stood in line \(first.line) already.",
          remedy: "Remove or rename one of the two.")
      }
      var value = try next()
      defer { yaml_event_delete(&value) }
      entries.append((key, try node(value, depth: depth + 1)))
    }
  }

  private func place(_ mark: yaml_mark_t) -> YAMLNode.Place {
    YAMLNode.Place(file: file, line: mark.line + 1, column: mark.column + 1)
  }

  private func fault(_ place: YAMLNode.Place, _ what: String) -> Problem {
    Problem(
      .invalid, "not-yaml", "This cannot be read as YAML: \(what).",
      remedy: "See docs/file.md; quote text that has ': ', '#', '[' or '{' in it.", location: place.text)
  }
}
