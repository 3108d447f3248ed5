import Quantities

/// Our files as JSON: for programs that read no YAML. The readers take both.
public enum FileJSON {
  /// Of the JSON. Eight times what a file may have: aliases stand for the same text many times.
  static let maximumBytes = 64 << 20

  /// The JSON of a file; what a plain scalar of it says (numbers, `true`, `false`, nothing) stays that.
  ///
  /// - Parameter text: YAML as the readers take it. Throws what they throw where it is none.
  public static func text(of text: [UInt8], file: String) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    // The loader bounds the depth.
    write(try YAMLLoader.load(text, file: file, environment: [:]), to: &bytes)
    guard bytes.count <= maximumBytes else {
      throw Mark(file: file, line: 1, column: 1).problem(
        "too-many-values", "The file has more than \(ByteCount(bytes: UInt64(maximumBytes))) as JSON.",
        remedy: "Let fewer aliases stand for long texts.")
    }
    return bytes
  }

  /// Stops where there are too many bytes.
  private static func write(_ node: LocatedNode, to bytes: inout [UInt8]) {
    guard bytes.count <= maximumBytes else { return }
    switch node.content {
    case .scalar(let text, let isPlain):
      if node.isNull { return bytes.append(contentsOf: "null".utf8) }
      let isBare = isPlain && (text == "true" || text == "false" || isNumber(text))
      if isBare { bytes.append(contentsOf: text.utf8) } else { write(text, to: &bytes) }
    case .sequence(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(item, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .mapping(let entries):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in entries.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(entry.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(entry.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// As JSON has them (RFC 8259, section 6), without exponents: those are texts in our files.
  private static func isNumber(_ text: String) -> Bool {
    var digits = text.utf8[...]
    if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } })
    else { return false }
    return parts[0].count == 1 || parts[0].first != UInt8(ascii: "0")
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes.append(contentsOf: ("\\u00" + (byte < 16 ? "0" : "") + digits).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
