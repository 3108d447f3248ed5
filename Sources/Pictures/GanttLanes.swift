import Quantities

/// The bars of a row, those that overlap below each other.
struct GanttLanes {
  /// By start; each with its lane from 0.
  let bars: [(bar: GanttChart.Bar, lane: Int)]
  /// At least 1.
  let count: Int

  /// Each bar in the first lane that is free, by rising start: as few lanes as possible (interval graphs are perfect).
  init(_ row: GanttChart.Row) {
    var ends: [Timestamp] = []
    var bars: [(bar: GanttChart.Bar, lane: Int)] = []
    for bar in row.bars.sorted(by: { ($0.start, $1.end, $0.label) < ($1.start, $0.end, $1.label) }) {
      if let lane = ends.firstIndex(where: { $0 <= bar.start }) {
        ends[lane] = bar.end
        bars.append((bar, lane))
      } else {
        bars.append((bar, ends.count))
        ends.append(bar.end)
      }
    }
    self.bars = bars
    count = max(1, ends.count)
  }
}
