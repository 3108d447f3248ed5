/// Writes names that count up as ranges: the inverse of `NamePattern`.
enum NameRuns {
  /// Neighbours of `names` under patterns such as `worker[1-4]`, in order; each with its positions.
  ///
  /// - Parameter joins: whether the name at that position may share a pattern with the one before it.
  static func patterns(
    _ names: [String], joins: (Int) -> Bool = { _ in true }
  ) -> [(pattern: String, positions: Range<Int>)] {
    var result: [(pattern: String, positions: Range<Int>)] = []
    var start = 0
    while start < names.count {
      var end = start + 1
      guard let first = NumberedName(names[start]) else {
        result.append((names[start], start..<end))
        start = end
        continue
      }
      while end < names.count, names[end] == first.advanced(by: end - start), joins(end) { end += 1 }
      let last = names[end - 1].dropFirst(first.stem.count)
      let pattern = end - start > 1 ? "\(first.stem)[\(first.digits)-\(last)]" : names[start]
      result.append((pattern, start..<end))
      start = end
    }
    return result
  }
}

/// A name with digits at its end.
private struct NumberedName {
  var stem: Substring
  var digits: Substring
  private var number: Int

  /// Nil where it does not end in digits.
  init?(_ name: String) {
    let count = name.reversed().prefix { $0.isASCII && $0.isNumber }.prefix(9).count
    digits = name.suffix(count)
    stem = name.dropLast(count)
    guard let number = Int(digits) else { return nil }
    self.number = number
  }

  /// The name that many further; zeros in front keep the width. Nil where a range could not say it.
  func advanced(by step: Int) -> String? {
    let text = String(number + step)
    let isPadded = digits.count > 1 && digits.first == "0"
    guard text.count <= (isPadded ? digits.count : 9) else { return nil }
    return stem + String(repeating: "0", count: isPadded ? digits.count - text.count : 0) + text
  }
}
