/// An HTTP answer, taken apart.
struct Answer: Equatable {
  var status: Int
  var headers: [String: String]
  var body: String

  init?(_ bytes: [UInt8]) {
    guard let end = Self.end(of: bytes) else { return nil }
    var lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")[...]
    guard let first = lines.popFirst()?.split(separator: " "), first.count > 1, let status = Int(first[1])
    else { return nil }
    self.status = status
    headers = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      headers[line[..<colon].lowercased()] = String(line[line.index(colon, offsetBy: 2)...])
    }
    body = String(decoding: bytes[(end + 4)...], as: UTF8.self)
  }

  /// The `code` of a problem.
  var code: String? { text(of: "code") }

  /// A text of a JSON object without escapes.
  func text(of name: String) -> String? {
    guard let start = body.range(of: "\"\(name)\":\"")?.upperBound else { return nil }
    return String(body[start...].prefix { $0 != "\"" })
  }

  /// Bytes up to the end of the first answer; nil where it is not whole.
  static func size(of bytes: [UInt8], isHead: Bool) -> Int? {
    guard let end = end(of: bytes) else { return nil }
    let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    if isHead || head.hasPrefix("http/1.1 100") { return end + 4 }
    guard let mark = head.range(of: "content-length: ")?.upperBound else { return nil }
    guard let length = Int(head[mark...].prefix { $0.isNumber }) else { return nil }
    return bytes.count >= end + 4 + length ? end + 4 + length : nil
  }

  private static func end(of bytes: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard bytes.count >= mark.count else { return nil }
    return (0...(bytes.count - mark.count)).first { bytes[$0] == 13 && Array(bytes[$0..<($0 + 4)]) == mark }
  }
}

extension String {
  /// Where a text stands first.
  func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
