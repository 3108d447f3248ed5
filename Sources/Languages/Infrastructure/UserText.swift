import Quantities

/// Texts for programs that a user runs: configurations and rulesets, written into the file or kept in files of
/// their own. `KEY` is always the text itself, `KEY-file` always a path.
struct UserText {
  /// The most octets of one text.
  static let maximumBytes = 256 << 10
  /// The most octets of all texts of a file, once its ranges stand for what they mean.
  static let maximumTotal = 16 << 20

  /// Reads the text of a file that the file names.
  let load: (String) throws(Problem) -> String

  /// The text of `key` or of the file that `key`-file names; nil where neither is there.
  ///
  /// Throws `text-twice`, `bad-text`, and what the file's reader throws, at the place of the path.
  func text(_ key: String, in fields: Fields) throws(Problem) -> String? {
    let pathKey = key + "-file"
    guard let node = fields.node(pathKey) else { return try fields.value(key, Self.checked) }
    guard fields.node(key) == nil else {
      throw node.mark.problem(
        "text-twice", "\(fields.subject) has both '\(key)' and '\(pathKey)'.", remedy: "Remove one of the two.")
    }
    return try fields.value(pathKey) { (path) throws(Problem) in
      guard !path.isEmpty, path.utf8.count < 4096, !path.utf8.contains(0) else {
        throw Problem(
          .invalid, "bad-path", "'\(path.excerpt)' is no path of a file.", remedy: "Write one such as r1.conf.")
      }
      return try Self.checked(load(path))
    }
  }

  private static func checked(_ text: String) throws(Problem) -> String {
    guard text.utf8.count <= maximumBytes else {
      throw Problem(
        .invalid, "bad-text", "The text has \(text.utf8.count) bytes, more than \(maximumBytes >> 10)KiB.",
        remedy: "Write less.")
    }
    let harmless: Set<Unicode.Scalar> = ["\t", "\n", "\r"]
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || harmless.contains($0) }
    guard isPlain, !text.isEmpty else {
      throw Problem(
        .invalid, "bad-text", text.isEmpty ? "There is no text." : "The text has control characters.",
        remedy: "Write a text of plain lines, or leave the key out.")
    }
    return text
  }
}
