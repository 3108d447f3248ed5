import Quantities

/// Remedies that several readers give.
enum Remedy {
  /// For `text`, which is none of `words`: the nearest, else all of them, at most ten.
  static func nearest(_ text: String, among words: [String]) -> String {
    if text.utf8.count <= 64, let nearest = Nearest.name(to: text, among: words),
      // Of a word of one letter every other is one edit away.
      Nearest.distance(Array(text), Array(nearest)) < max(text.count, nearest.count)
    {
      return "Did you mean '\(nearest)'?"
    }
    let listed = words.prefix(10).joined(separator: ", ")
    return "Write one of: \(listed)\(words.count > 10 ? " and \(words.count - 10) more" : "")."
  }
}
