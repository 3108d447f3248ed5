extension YAMLText {
  /// `text` as a literal block where that gives it back as it is (YAML 1.1, section 9.3.1), else quoted.
  ///
  /// A mapping around it must be in block style.
  static func lines(of text: String) -> YAMLText {
    let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0a || $0 == 0x09 }
    let begins = text.utf8.first.map { $0 > 0x20 } ?? false
    let isMany = text.dropLast().utf8.contains(0x0a)
    return isPlain && begins && isMany && !text.hasSuffix("\n\n") ? .literal(text) : .text(text)
  }

  /// The key with a block header, and the text's lines below it, written so that none begins a variable.
  func literalLines(_ text: String, _ start: String, _ indent: Int) -> [String] {
    let space = String(repeating: " ", count: indent)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isEnded = lines.last == ""
    if isEnded { lines.removeLast() }
    return [start + (isEnded ? " |" : " |-")]
      + lines.map {
        $0.isEmpty ? "" : space + $0.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
      }
  }
}
