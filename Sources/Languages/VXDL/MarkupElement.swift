/// An element of an XML document, with where it stands.
struct MarkupElement {
  var name: String
  /// The namespace's URI; empty is none.
  var namespace = ""
  /// By qualified name, namespace declarations not included.
  var attributes: [String: String] = [:]
  var children: [MarkupElement] = []
  /// All character data directly in it, white space at both ends removed.
  var text = ""
  /// Of its `<`.
  var mark = Mark(file: "", line: 1, column: 1)

  init(_ name: String, text: String = "", _ children: [MarkupElement] = []) {
    self.name = name
    self.text = text
    self.children = children
  }
}

extension String {
  /// Without XML's white space (XML 1.0, section 2.3) at either end.
  var trimmedMarkup: String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...10).contains(byte) || byte == 13 }
    let bytes = utf8
    guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
