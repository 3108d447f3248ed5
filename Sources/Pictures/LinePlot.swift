import Quantities

/// How numbers depend on another: several lines over one pair of axes.
public struct LinePlot: Hashable, Sendable {
  /// A place on the plot, in the units of its axes.
  public struct Point: Hashable, Sendable {
    public var x, y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// One line.
  public struct Series: Hashable, Sendable {
    public var label: String
    /// In the order in which they are joined.
    public var points: [Point]
    /// Keeps a value until the next point, as amounts that are held do.
    public var isStepped: Bool

    public init(_ label: String, points: [Point], isStepped: Bool = false) {
      self.label = label
      self.points = points
      self.isStepped = isStepped
    }
  }

  /// What the horizontal axis measures.
  public enum Horizontal: Hashable, Sendable {
    /// Numbers, and what they are.
    case number(String)
    /// Seconds since 1970-01-01T00:00:00Z; marked with times in UTC.
    case time
  }

  /// More are refused.
  public static let maximumSeries = 50
  /// In all series; more are refused.
  public static let maximumPoints = 2_000_000

  public var title: String
  public var horizontal: Horizontal
  /// What the vertical axis measures, with its unit.
  public var vertical: String
  /// What of the vertical axis is shown at least; nil is what the points need, with 0 where that is near.
  public var verticalRange: ClosedRange<Double>?
  public var series: [Series]

  public init(
    title: String, horizontal: Horizontal, vertical: String, verticalRange: ClosedRange<Double>? = nil,
    series: [Series]
  ) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.verticalRange = verticalRange
    self.series = series
  }

  /// The plot, 900 units wide; the same plot always gives the same bytes with the same fonts.
  ///
  /// - Throws: `bad-number` for one that is not finite or beyond ±1e15, `picture-too-large`, or `picture-failed`.
  public func render(format: PictureFormat) throws(Problem) -> [UInt8] {
    let count = series.reduce(0) { $0 + $1.points.count }
    guard series.count <= Self.maximumSeries, count <= Self.maximumPoints else {
      throw Problem(
        .invalid, "picture-too-large",
        "The plot has \(series.count) lines and \(count) points, more than \(Self.maximumSeries) and "
          + "\(Self.maximumPoints).", remedy: "Draw fewer of them.")
    }
    for line in series {
      if let point = line.points.first(where: { !Self.isDrawable($0.x) || !Self.isDrawable($0.y) }) {
        throw Problem(
          .invalid, "bad-number", "Line '\(line.label.excerpt)' has a point at \(point.x), \(point.y).",
          remedy: "Leave out what is not finite, and choose units in which numbers are below 1e15.")
      }
    }
    let range = [verticalRange?.lowerBound, verticalRange?.upperBound].compactMap(\.self)
    guard range.allSatisfy(Self.isDrawable) else {
      throw Problem(
        .invalid, "bad-number", "The plot cannot show values from \(range[0]) to \(range[1]).",
        remedy: "Give a range within ±1e15.")
    }
    return try LinePlotDrawing(self).drawing.render(format)
  }

  private static func isDrawable(_ number: Double) -> Bool { number.isFinite && number.magnitude <= 1e15 }
}
