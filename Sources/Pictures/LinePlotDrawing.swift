import Quantities

/// Lays a line plot out.
struct LinePlotDrawing {
  private static let width = 900.0
  private static let margin = 16.0
  private static let plotHeight = 400.0

  private(set) var drawing: Drawing
  private let plot: LinePlot
  private let measure = TextMeasure()
  private let horizontal: ClosedRange<Double>
  private let vertical: NumberTicks
  private let left: Double
  private let right = Self.width - 28
  private var top = 0.0

  init(_ plot: LinePlot) {
    self.plot = plot
    let points = plot.series.lazy.flatMap(\.points)
    let (low, high) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    horizontal = high > low ? low...high : (low - 1)...(low + 1)
    vertical = Self.vertical(plot)
    let (measure, ticks) = (measure, vertical)
    left = Self.margin + 22 + (ticks.values.map { measure.width(ticks.label($0), size: 10) }.max() ?? 0) + 8
    drawing = Drawing(width: Self.width, height: 0, title: plot.title)
    draw()
  }

  private static func vertical(_ plot: LinePlot) -> NumberTicks {
    let points = plot.series.lazy.flatMap(\.points)
    var low = min(points.map(\.y).min() ?? 0, plot.verticalRange?.lowerBound ?? .infinity)
    var high = max(points.map(\.y).max() ?? 1, plot.verticalRange?.upperBound ?? -.infinity)
    // A short way to zero is worth showing; a long one would flatten the lines.
    if low > 0, low < high / 2 { low = 0 }
    if high < 0, high > low / 2 { high = 0 }
    return NumberTicks(from: low, to: high, count: 7)
  }

  private func x(_ value: Double) -> Double {
    left + (value - horizontal.lowerBound) / (horizontal.upperBound - horizontal.lowerBound) * (right - left)
  }

  private func y(_ value: Double) -> Double {
    let (low, high) = (vertical.values.first ?? 0, vertical.values.last ?? 1)
    return top + Self.plotHeight * (1 - (value - low) / max(high - low, .leastNormalMagnitude))
  }

  private mutating func draw() {
    drawing.text(
      measure.fitted(plot.title, into: right - Self.margin, size: 15), Self.margin, 28, size: 15, isBold: true)
    top = legend(42) + 14
    let bottom = top + Self.plotHeight
    for value in vertical.values {
      drawing.line([Drawing.Point(x: left, y: y(value)), Drawing.Point(x: right, y: y(value))], .grid)
      drawing.text(vertical.label(value), left - 8, y(value) + 3.5, size: 10, anchor: .end, colour: .grey)
    }
    drawing.text(
      measure.fitted(plot.vertical, into: Self.plotHeight), Self.margin + 10, (top + bottom) / 2, anchor: .middle,
      isUpright: true)
    horizontalAxis(bottom)
    for (index, series) in plot.series.enumerated() { draw(series, index) }
    drawing.line(
      [
        Drawing.Point(x: left, y: top), Drawing.Point(x: left, y: bottom), Drawing.Point(x: right, y: bottom),
      ], .grey)
    drawing.height = bottom + 52
  }

  private mutating func horizontalAxis(_ bottom: Double) {
    switch plot.horizontal {
    case .number(let label):
      let ticks = NumberTicks(from: horizontal.lowerBound, to: horizontal.upperBound, count: 9)
      for value in ticks.values where horizontal.contains(value) { mark(value, ticks.label(value), nil, bottom) }
      drawing.text(
        measure.fitted(label, into: right - left), (left + right) / 2, bottom + 36, anchor: .middle)
    case .time:
      let (start, end) = (horizontal.lowerBound.rounded(.down), horizontal.upperBound.rounded(.up))
      let ticks = TimeTicks(
        from: Timestamp(seconds: max(0, Int64(start))), to: Timestamp(seconds: min(253_402_300_799, Int64(end))),
        count: Int((right - left) / 85))
      var free = -Double.infinity
      for tick in ticks.ticks where horizontal.contains(Double(tick.time.seconds)) {
        let place = x(Double(tick.time.seconds))
        mark(Double(tick.time.seconds), tick.label, place > free ? tick.date : nil, bottom)
        if tick.date != nil, place > free { free = place + 75 }
      }
      drawing.text("UTC", (left + right) / 2, bottom + 44, size: 10, anchor: .middle, colour: .grey)
    }
  }

  private mutating func mark(_ value: Double, _ label: String, _ date: String?, _ bottom: Double) {
    let x = x(value)
    drawing.line([Drawing.Point(x: x, y: top), Drawing.Point(x: x, y: bottom + 4)], .grid)
    drawing.text(label, x, bottom + 16, size: 10, anchor: .middle, colour: .grey)
    if let date { drawing.text(date, x, bottom + 29, size: 10, anchor: .middle, colour: .grey) }
  }

  /// Which line is which; gives where it ends.
  private mutating func legend(_ start: Double) -> Double {
    var (x, y) = (Self.margin, start)
    for (index, series) in plot.series.enumerated() {
      let label = measure.fitted(series.label, into: 260)
      let width = 34 + measure.width(label) + 18
      if x + width > right, x > Self.margin {
        x = Self.margin
        y += 18
      }
      drawing.line(
        [Drawing.Point(x: x, y: y + 8), Drawing.Point(x: x + 28, y: y + 8)], Self.colour(index), width: 2.5,
        dashes: Self.dashes(index))
      drawing.text(label, x + 34, y + 12)
      x += width
    }
    return y + 18
  }

  /// Lines differ in their dashes too, so that colours need not be told apart; five, so that the eighth line differs
  /// from the first in more than the strength of its colour.
  private static func dashes(_ index: Int) -> [Double] {
    [[], [7, 3], [2, 3], [9, 3, 2, 3], [12, 4]][index % 5]
  }

  private static func colour(_ index: Int) -> Colour { Colour.number(index) }

  private mutating func draw(_ series: LinePlot.Series, _ index: Int) {
    guard !series.points.isEmpty else { return }
    var points: [Drawing.Point] = []
    for point in series.points {
      let place = Drawing.Point(x: x(point.x), y: y(point.y))
      if series.isStepped, let last = points.last { points.append(Drawing.Point(x: place.x, y: last.y)) }
      points.append(place)
    }
    if points.count == 1 {
      let (x, y) = (points[0].x, points[0].y)
      drawing.rectangle(x - 3, y - 3, x + 3, y + 3, Self.colour(index), hint: series.label)
    } else {
      drawing.line(
        LineThinning.thinned(points), Self.colour(index), width: 1.8, dashes: Self.dashes(index))
    }
  }
}
