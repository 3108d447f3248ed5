/// Finds the name that was probably meant.
public enum Nearest {
  /// The candidate with the fewest edits, or nil if none is near: at most a third of the word.
  ///
  /// One edit is always near, and upper and lower case are alike. Of equally near candidates the first is
  /// taken; where none is near, the first that begins with the word, if that has two characters or more.
  public static func name(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, (word.count + 1) / 3)
    let ranked = candidates.map { ($0, distance(Array(word.lowercased()), Array($0.lowercased()))) }
    if let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= limit { return best.0 }
    return word.count >= 2 ? candidates.first { $0.lowercased().hasPrefix(word.lowercased()) } : nil
  }

  /// Edits between two words: insert, delete, replace, swap neighbours (optimal string alignment, O(nm)).
  package static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        var cost = min(above[column + 1] + 1, current[column] + 1)
        cost = min(cost, above[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, before[column - 1] + 1)
        }
        current.append(cost)
      }
      (before, above) = (above, current)
    }
    return above[right.count]
  }
}
