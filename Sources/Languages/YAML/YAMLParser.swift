import CYAML
import Quantities

/// Owner of a libyaml parser and of the bytes that it reads.
///
/// The parser lives on the heap, because libyaml keeps a pointer to it in itself
/// (`yaml_parser_set_input_string` of `api.c`).
struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let file: String

  /// `text` must be UTF-8. Throws `no-memory`.
  init(_ text: [UInt8], file: String) throws(Problem) {
    self.file = file
    parser = .allocate(capacity: 1)
    input = .allocate(capacity: text.count)
    _ = input.initialize(from: text)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      input.deallocate()
      throw Problem(.failed, "no-memory", "There is no memory to read '\(file)'.", remedy: "End other programs.")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event. Throws `not-yaml`.
  mutating func next() throws(Problem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxProblem() }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event, file: file)
  }

  private func syntaxProblem() -> Problem {
    let what = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
    let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
    return mark.problem(
      "not-yaml", "The file is not YAML: \(what)\(context).",
      remedy: "Check brackets, quotes, colons and indentation (spaces, no tabs) there and just above.")
  }

  /// libyaml tells an offset in bytes for bytes that it refuses, and a mark for everything else.
  private var mark: Mark {
    guard parser.pointee.error == YAML_READER_ERROR else {
      let mark = parser.pointee.problem_mark
      return Mark(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
    let before = input.prefix(Int(parser.pointee.problem_offset))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lastLine = before.suffix(while: { $0 != UInt8(ascii: "\n") })
    return Mark(file: file, line: line, column: String(decoding: lastLine, as: UTF8.self).unicodeScalars.count + 1)
  }
}

extension BidirectionalCollection {
  /// The longest suffix whose elements all satisfy `predicate`.
  fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, predicate(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
