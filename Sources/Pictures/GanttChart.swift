import Quantities

/// Who holds what when: a row for each thing, a bar for each reservation, time from left to right.
public struct GanttChart: Hashable, Sendable {
  /// Something that lasts.
  public struct Bar: Hashable, Sendable {
    public var label: String
    public var start: Timestamp
    /// Not in it; later than the start. `distantFuture` is open.
    public var end: Timestamp
    /// Bars of one owner have one colour.
    public var owner: String

    public init(_ label: String, from start: Timestamp, to end: Timestamp, owner: String) {
      self.label = label
      self.start = start
      self.end = end
      self.owner = owner
    }
  }

  /// A thing that is held.
  public struct Row: Hashable, Sendable {
    public var label: String
    /// In any order; those that overlap are drawn below each other.
    public var bars: [Bar]

    public init(_ label: String, bars: [Bar]) {
      self.label = label
      self.bars = bars
    }
  }

  /// More are refused.
  public static let maximumRows = 2000
  /// In all rows; more are refused.
  public static let maximumBars = 50_000

  public var title: String
  public var rows: [Row]
  /// What of time is shown; nil is all that the bars and `now` need.
  public var window: Range<Timestamp>?
  /// Where a line says that it is now; nil is none.
  public var now: Timestamp?

  public init(title: String, rows: [Row], window: Range<Timestamp>? = nil, now: Timestamp? = nil) {
    self.title = title
    self.rows = rows
    self.window = window
    self.now = now
  }

  /// The chart, 1200 units wide; the same chart always gives the same bytes with the same fonts. In SVG, each bar says
  /// its label, owner and times to who points at it.
  ///
  /// - Throws: `picture-too-large`, `bad-time` for a bar that ends before it begins or a time beyond the years 1970 to
  ///   9999, or `picture-failed`.
  public func render(format: PictureFormat) throws(Problem) -> [UInt8] {
    let bars = rows.reduce(0) { $0 + $1.bars.count }
    guard rows.count <= Self.maximumRows, bars <= Self.maximumBars else {
      throw Problem(
        .invalid, "picture-too-large",
        "The chart has \(rows.count) rows and \(bars) bars, more than \(Self.maximumRows) and \(Self.maximumBars).",
        remedy: "Draw one site, or a shorter time.")
    }
    for row in rows { for bar in row.bars { try check(bar) } }
    return try GanttDrawing(self).drawing.render(format)
  }

  private func check(_ bar: Bar) throws(Problem) {
    let latest: Int64 = 253_402_300_799
    guard bar.start.seconds >= 0, bar.start < bar.end, bar.start.seconds <= latest,
      bar.end == .distantFuture || bar.end.seconds <= latest
    else {
      throw Problem(
        .invalid, "bad-time", "Bar '\(bar.label.excerpt)' is from \(bar.start.seconds) to \(bar.end.seconds) s.",
        remedy: "Give it an end after its start, within the years 1970 to 9999.")
    }
  }
}
