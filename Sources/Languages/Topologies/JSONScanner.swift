import Quantities

/// Reads one JSON text (RFC 8259) into located nodes, so that problems can say where they are.
///
/// Numbers, `true`, `false` and `null` become plain scalars, strings quoted ones. `NaN` and `Infinity`, which
/// Python writes, become plain scalars too, and are refused where they are used. A key that stands twice in an
/// object is refused, as are more than the bounds below.
struct JSONScanner {
  static let maximumDepth = 64
  static let maximumValues = 4_000_000

  private var bytes: JSONBytes
  private var values = 0

  private init(_ text: [UInt8], _ file: String) { bytes = JSONBytes(text, file) }

  /// The value that `text`, which is UTF-8, holds. Throws `not-json`, `duplicate-key`, `too-deep` or `too-many-values`.
  static func load(_ text: [UInt8], file: String) throws(Problem) -> LocatedNode {
    var scanner = JSONScanner(text, file)
    scanner.bytes.skipSpace()
    let root = try scanner.value(depth: 1)
    scanner.bytes.skipSpace()
    guard scanner.bytes.current == nil else { throw scanner.bytes.fault("something follows its value") }
    return root
  }

  private mutating func value(depth: Int) throws(Problem) -> LocatedNode {
    let mark = bytes.mark
    guard depth <= Self.maximumDepth else {
      throw mark.problem(
        "too-deep", "The file is nested more than \(Self.maximumDepth) levels deep.", remedy: "Close the brackets.")
    }
    values += 1
    guard values <= Self.maximumValues else {
      throw mark.problem(
        "too-many-values", "The file has more than \(Self.maximumValues) values.", remedy: "Leave out attributes.")
    }
    switch bytes.current {
    case UInt8(ascii: "{"): return LocatedNode(content: .mapping(try members(depth)), mark: mark, size: 1)
    case UInt8(ascii: "["): return LocatedNode(content: .sequence(try elements(depth)), mark: mark, size: 1)
    case UInt8(ascii: "\""):
      return LocatedNode(content: .scalar(try bytes.string(), isPlain: false), mark: mark, size: 1)
    default: return LocatedNode(content: .scalar(try bytes.word(), isPlain: true), mark: mark, size: 1)
    }
  }

  private mutating func elements(_ depth: Int) throws(Problem) -> [LocatedNode] {
    bytes.advance()
    var elements: [LocatedNode] = []
    bytes.skipSpace()
    if bytes.take("]") { return elements }
    while true {
      bytes.skipSpace()
      elements.append(try value(depth: depth + 1))
      bytes.skipSpace()
      if bytes.take("]") { return elements }
      guard bytes.take(",") else { throw bytes.fault("a list needs a comma or ']' here") }
    }
  }

  private mutating func members(_ depth: Int) throws(Problem) -> [LocatedNode.Entry] {
    bytes.advance()
    var entries: [LocatedNode.Entry] = []
    var marks: [String: Mark] = [:]
    bytes.skipSpace()
    if bytes.take("}") { return entries }
    while true {
      bytes.skipSpace()
      let mark = bytes.mark
      guard bytes.current == UInt8(ascii: "\"") else { throw bytes.fault("an object needs a key in quotes here") }
      let key = try bytes.string()
      if let earlier = marks.updateValue(mark, forKey: key) {
        throw mark.problem(
          "duplicate-key", "'\(key.excerpt)' stands here a second time; the first is on \(earlier.short).",
          remedy: "Remove one of the two.")
      }
      bytes.skipSpace()
      guard bytes.take(":") else { throw bytes.fault("a key needs a colon after it") }
      bytes.skipSpace()
      entries.append(LocatedNode.Entry(key: key, mark: mark, value: try value(depth: depth + 1)))
      bytes.skipSpace()
      if bytes.take("}") { return entries }
      guard bytes.take(",") else { throw bytes.fault("an object needs a comma or '}' here") }
    }
  }
}
