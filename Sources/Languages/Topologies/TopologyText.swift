import Quantities

/// What both readers ask of a file before they look into it.
enum TopologyText {
  static let maximumBytes = 32 << 20

  /// `text` without a byte order mark. Throws `file-too-large`, `empty-file` or `not-utf8`.
  static func checked(_ text: [UInt8], _ file: String) throws(Problem) -> [UInt8] {
    let start = Mark(file: file, line: 1, column: 1)
    guard text.count <= maximumBytes else {
      throw start.problem(
        "file-too-large", "The file has \(text.count) bytes, more than \(ByteCount(bytes: UInt64(maximumBytes))).",
        remedy: "Read a part of the topology, or leave out attributes.")
    }
    let body = text.starts(with: [0xef, 0xbb, 0xbf]) ? Array(text.dropFirst(3)) : text
    // UTF-16 of plain letters is valid UTF-8 with zeros in it: it would hide a document type from the guard, and
    // zeros before the first tag make the XML parser follow a null pointer.
    guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else {
      throw fault(in: body, file).problem(
        "not-utf8", "The file is not UTF-8 text.", remedy: "Save it as UTF-8, for example with iconv -t UTF-8.")
    }
    guard body.contains(where: { $0 > 0x20 }) else {
      throw start.problem("empty-file", "The file is empty.", remedy: "Write a topology into it.")
    }
    return body
  }

  /// Of the first byte that is not UTF-8, or zero.
  private static func fault(in text: [UInt8], _ file: String) -> Mark {
    var decoder = UTF8()
    var bytes = text.makeIterator()
    var mark = Mark(file: file, line: 1, column: 1)
    while case .scalarValue(let scalar) = decoder.decode(&bytes), scalar.value != 0 {
      mark = scalar == "\n" ? Mark(file: file, line: mark.line + 1, column: 1) : mark
      if scalar != "\n" { mark.column += 1 }
    }
    return mark
  }
}
