import Quantities

/// Lays a Gantt chart out.
struct GanttDrawing {
  private static let width = 1200.0
  private static let margin = 16.0
  private static let lane = 20.0
  private static let gap = 4.0
  /// Height of the time axis.
  private static let axis = 34.0
  private static let longestLabel = 220.0

  private(set) var drawing: Drawing
  private let chart: GanttChart
  private let measure = TextMeasure()
  private let lanes: [GanttLanes]
  private let colours: [String: Colour]
  private let window: Range<Timestamp>
  private let left: Double
  private let right = Self.width - Self.margin
  /// Of bars; over the line that says that it is now.
  private var labels: [Drawing.Text] = []

  init(_ chart: GanttChart) {
    self.chart = chart
    lanes = chart.rows.map(GanttLanes.init)
    window = Self.window(of: chart)
    var owners: [String] = []
    var colours: [String: Colour] = [:]
    for bar in chart.rows.flatMap(\.bars) where colours[bar.owner] == nil {
      colours[bar.owner] = Colour.number(owners.count)
      owners.append(bar.owner)
    }
    self.colours = colours
    let measure = measure
    left = Self.margin + 14 + min(Self.longestLabel, chart.rows.map { measure.width($0.label) }.max() ?? 0)
    drawing = Drawing(width: Self.width, height: 0, title: chart.title)
    draw(owners)
  }

  private static func window(of chart: GanttChart) -> Range<Timestamp> {
    if let window = chart.window, window.lowerBound < window.upperBound, window.upperBound != .distantFuture {
      return window
    }
    let bars = chart.rows.flatMap(\.bars)
    let times = bars.map(\.start) + bars.map(\.end).filter { $0 != .distantFuture } + [chart.now].compactMap(\.self)
    let first = times.min()?.seconds ?? 0
    // An open end, and the label of a line at the edge, want room.
    let last = max(times.max()?.seconds ?? 0, first + 60)
    return Timestamp(seconds: first)..<Timestamp(seconds: last + (last - first) / 25 + 1)
  }

  private func x(_ time: Timestamp) -> Double {
    let (low, high) = (window.lowerBound.seconds, window.upperBound.seconds)
    let part = Double(min(max(time.seconds, low), high) - low) / Double(high - low)
    return left + part * (right - left)
  }

  private mutating func draw(_ owners: [String]) {
    drawing.text(
      measure.fitted(chart.title, into: right - Self.margin, size: 15), Self.margin, 28, size: 15, isBold: true)
    var y = 42.0
    y = legend(owners, y)
    let top = y + Self.axis
    let heights = lanes.map { Double($0.count) * Self.lane + 2 * Self.gap }
    let bottom = top + max(Self.lane, heights.reduce(0, +))
    stripes(top, heights)
    axis(top, bottom)
    y = top
    for (row, height) in zip(chart.rows.indices, heights) {
      draw(row, y, height)
      y += height
    }
    if chart.rows.isEmpty { drawing.text("Nothing is reserved.", left + 8, top + 14, colour: .grey) }
    nowLine(top, bottom)
    for text in labels { drawing.text(text) }
    drawing.height = bottom + (isTall(top, bottom) ? Self.axis : 0) + Self.margin
  }

  /// A second axis below helps where the first is out of sight.
  private func isTall(_ top: Double, _ bottom: Double) -> Bool { bottom - top > 500 }

  private mutating func stripes(_ top: Double, _ heights: [Double]) {
    var y = top
    for (row, height) in heights.enumerated() {
      if row % 2 == 0 { drawing.rectangle(Self.margin, y, right, y + height, .stripe) }
      y += height
    }
  }

  /// Which colour is whose, in lines; gives where the lines end.
  private mutating func legend(_ owners: [String], _ start: Double) -> Double {
    let shown = owners.prefix(28)
    var (x, y) = (Self.margin, start)
    for (index, owner) in shown.enumerated() {
      let label = measure.fitted(owner, into: 200)
      let width = 18 + measure.width(label) + 18
      if x + width > right, x > Self.margin {
        x = Self.margin
        y += 18
      }
      drawing.rectangle(x, y + 2, x + 12, y + 14, Colour.number(index), border: .grey, hint: owner)
      drawing.text(label, x + 18, y + 12)
      x += width
    }
    if owners.count > shown.count { drawing.text("and \(owners.count - shown.count) more", x, y + 12, colour: .grey) }
    return owners.isEmpty ? y : y + 22
  }

  private mutating func axis(_ top: Double, _ bottom: Double) {
    let ticks = TimeTicks(from: window.lowerBound, to: window.upperBound, count: Int((right - left) / 75)).ticks
    drawing.text("UTC", left - 8, top - 8, size: 10, anchor: .end, colour: .grey)
    for tick in ticks {
      let x = x(tick.time)
      drawing.line([Drawing.Point(x: x, y: top - 4), Drawing.Point(x: x, y: bottom)], .grid)
      // A label at the very edge would be cut off.
      let middle = min(x, Self.width - 4 - measure.width(tick.label, size: 10) / 2)
      drawing.text(tick.label, middle, top - 8, size: 10, anchor: .middle, colour: .grey)
      guard isTall(top, bottom), !isNearNow(middle) else { continue }
      drawing.text(tick.label, middle, bottom + 13, size: 10, anchor: .middle, colour: .grey)
    }
    dates(ticks, top - 21)
    if isTall(top, bottom) { dates(ticks, bottom + 26) }
    drawing.line([Drawing.Point(x: left, y: top), Drawing.Point(x: right, y: top)], .grey)
  }

  /// Below, the word `now` stands there.
  private func isNearNow(_ middle: Double) -> Bool {
    guard let now = chart.now, window.contains(now) else { return false }
    return (-35...62).contains(middle - x(now))
  }

  /// The dates below or above their first times, as far as there is room.
  private mutating func dates(_ ticks: [TimeTicks.Tick], _ y: Double) {
    var free = -Double.infinity
    for tick in ticks {
      guard let date = tick.date else { continue }
      let half = measure.width(date, size: 10) / 2
      let middle = min(max(x(tick.time), left + half), right - half)
      guard middle - half > free else { continue }
      drawing.text(date, middle, y, size: 10, anchor: .middle, colour: .black)
      free = middle + half + 8
    }
  }

  private mutating func draw(_ row: Int, _ top: Double, _ height: Double) {
    let label = measure.fitted(chart.rows[row].label, into: Self.longestLabel)
    drawing.text(label, left - 8, top + Self.gap + 14, anchor: .end)
    let bars = lanes[row].bars
    var nextStart: [Int: Double] = [:]
    // From the right, so that a short bar's label knows the room up to the next bar.
    for (bar, lane) in bars.reversed() where bar.end > window.lowerBound && bar.start < window.upperBound {
      draw(bar, top + Self.gap + Double(lane) * Self.lane, room: nextStart[lane] ?? right)
      nextStart[lane] = x(bar.start)
    }
  }

  private mutating func draw(_ bar: GanttChart.Bar, _ top: Double, room: Double) {
    let (from, to) = (x(bar.start), max(x(bar.start) + 1, x(bar.end)))
    let (upper, lower) = (top + 1, top + Self.lane - 2)
    let colour = colours[bar.owner] ?? .grey
    let hint = "\(bar.label) (\(bar.owner))\n\(bar.start) to \(bar.end)"
    if bar.end > window.upperBound, to - from > 8 {
      // It goes on.
      let points = [(from, upper), (to - 6, upper), (to, (upper + lower) / 2), (to - 6, lower), (from, lower)]
      drawing.area(points.map { Drawing.Point(x: $0.0, y: $0.1) }, colour, border: .grey, hint: hint)
    } else {
      drawing.rectangle(from, upper, to, lower, colour, border: .grey, hint: hint)
    }
    label(bar, from...to, top + 13.5, colour.ink, room)
  }

  /// In the bar, else beside it, else as much as the bar takes.
  private mutating func label(
    _ bar: GanttChart.Bar, _ extent: ClosedRange<Double>, _ y: Double, _ ink: Colour, _ room: Double
  ) {
    let inside = measure.fitted(bar.label, into: extent.upperBound - extent.lowerBound - 8, size: 10)
    let fitsBeside = extent.upperBound + measure.width(bar.label, size: 10) + 10 <= room
    let isInside = inside == bar.label || !fitsBeside
    let string = isInside ? inside : bar.label
    let start = isInside ? extent.lowerBound + 4 : extent.upperBound + 4
    let x = besideNow(start, measure.width(string, size: 10), until: isInside ? extent.upperBound : room)
    labels.append(
      Drawing.Text(string: string, at: Drawing.Point(x: x, y: y), size: 10, colour: isInside ? ink : .black))
  }

  /// Where a label begins so that the line that says that it is now does not cross it, if there is room.
  private func besideNow(_ start: Double, _ width: Double, until end: Double) -> Double {
    guard let now = chart.now, window.contains(now) else { return start }
    let line = x(now)
    guard start - 2 < line, line < start + width + 2, line + 9 + width <= end else { return start }
    return line + 5
  }

  private mutating func nowLine(_ top: Double, _ bottom: Double) {
    guard let now = chart.now, window.contains(now) else { return }
    let x = x(now)
    drawing.line(
      [Drawing.Point(x: x, y: top), Drawing.Point(x: x, y: bottom + 2)], Colour(0xb00020), width: 1.5, dashes: [5, 3])
    drawing.area(
      [Drawing.Point(x: x - 5, y: top - 6), Drawing.Point(x: x + 5, y: top - 6), Drawing.Point(x: x, y: top + 1)],
      Colour(0xb00020), hint: "now: \(now)")
    drawing.text("now", x + 4, bottom + 12, size: 10, colour: Colour(0xb00020), isBold: true)
  }
}
