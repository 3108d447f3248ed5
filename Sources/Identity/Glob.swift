/// Patterns with `*` for any run of elements, none too.
///
/// Greedy with one point to go back to (the last star): at most pattern length times text length comparisons, and
/// no recursion, whatever the text.
enum Glob {
  /// `isStar` tells the stars of the pattern, `fits` compares any other element of it with one of the text.
  static func matches<Pattern, Element>(
    _ pattern: [Pattern], _ text: [Element], isStar: (Pattern) -> Bool, fits: (Pattern, Element) -> Bool
  ) -> Bool {
    var (at, index) = (0, 0)
    var back: (pattern: Int, text: Int)?
    while index < text.count {
      if at < pattern.count, isStar(pattern[at]) {
        back = (at, index)
        at += 1
      } else if at < pattern.count, fits(pattern[at], text[index]) {
        at += 1
        index += 1
      } else if let last = back {
        back = (last.pattern, last.text + 1)
        at = last.pattern + 1
        index = last.text + 1
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy(isStar)
  }
}
