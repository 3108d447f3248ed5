import Synchronization

/// What Graphviz says while it works, kept instead of printed.
enum GraphvizMessages {
  private static let text = Mutex("")

  /// For `agseterrf` (`cgraph.h`), which hands over pieces of lines.
  static let keep: @convention(c) (UnsafeMutablePointer<CChar>?) -> Int32 = { message in
    if let message {
      let piece = String(cString: message)
      // Enough for a first line; a large graph may cause thousands.
      text.withLock { if $0.utf8.count < 1000 { $0 += piece } }
    }
    return 0
  }

  static func clear() { text.withLock { $0 = "" } }

  /// The first line, without `Error:` and the full stop; nil where nothing was said.
  static var first: String? {
    let line = text.withLock { $0 }.split(separator: "\n").first.map(String.init) ?? ""
    let body = line.hasPrefix("Error: ") ? String(line.dropFirst(7)) : line
    let sentence = body.hasSuffix(".") ? String(body.dropLast()) : body
    return sentence.isEmpty ? nil : sentence
  }
}
