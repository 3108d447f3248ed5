/// Leaves out points that nobody could see.
enum LineThinning {
  /// Fewer are kept as they are.
  static let usual = 4000

  /// Of the points that follow each other within half a unit: the first, the lowest, the highest and the last.
  static func thinned(_ points: [Drawing.Point]) -> [Drawing.Point] {
    guard points.count > usual else { return points }
    var result: [Drawing.Point] = []
    var start = 0
    while start < points.count {
      var end = start + 1
      while end < points.count, (points[end].x - points[start].x).magnitude < 0.5 { end += 1 }
      let range = start..<end
      let low = range.min { points[$0].y < points[$1].y } ?? start
      let high = range.max { points[$0].y < points[$1].y } ?? start
      for index in Set([start, low, high, end - 1]).sorted() { result.append(points[index]) }
      start = end
    }
    return result
  }
}
