import Pictures
import Quantities
import Testing

struct GanttChartTests {
  private static let start = Timestamp(seconds: 1_795_248_000)

  private func at(_ minutes: Int) -> Timestamp { Self.start + .seconds(minutes * 60) }

  private func chart(rows: Int, span: Int, owners: Int = 9) -> GanttChart {
    var generator = SeededGenerator(seed: 7)
    let rows = (0..<rows).map { row in
      let bars = (0..<Int.random(in: 1...6, using: &generator)).map { bar in
        let from = Int.random(in: 0..<span, using: &generator)
        let to = from + Int.random(in: 1...max(1, span / 3), using: &generator)
        let isOpen = Int.random(in: 0..<12, using: &generator) == 0
        return GanttChart.Bar(
          "lab<\(row)&\(bar)>", from: at(from), to: isOpen ? .distantFuture : at(to),
          owner: "user\(Int.random(in: 0..<owners, using: &generator))")
      }
      return GanttChart.Row("host-\(row)", bars: bars)
    }
    return GanttChart(title: "Calendar of \"grid\"", rows: rows, now: at(span / 3))
  }

  @Test(arguments: [(0, 60), (1, 60), (9, 600), (40, 3000), (300, 100_000), (5, 5_000_000)])
  func everyLabelIsInThePicture(rows: Int, span: Int) throws {
    let chart = chart(rows: rows, span: span)
    let picture = try PictureFile(svg: chart.render(format: .svg))
    #expect(picture.written.contains(chart.title) && picture.hints.contains(chart.title))
    for row in chart.rows {
      #expect(picture.written.contains(row.label))
      for bar in row.bars {
        #expect(picture.hints.contains("\(bar.label) (\(bar.owner))\n\(bar.start) to \(bar.end)"))
        #expect(picture.written.contains(bar.owner))
      }
    }
    #expect(picture.written.count { $0 == "now" } == 1)
    let png = try #require(PictureFile.size(png: chart.render(format: .png)))
    #expect(png.width == 2400 || png.width == 1200)
    #expect(png.height > rows * 28)
  }

  @Test func theSameChartGivesTheSameBytes() throws {
    for format in PictureFormat.allCases {
      #expect(
        try chart(rows: 12, span: 900).render(format: format) == chart(rows: 12, span: 900).render(format: format))
    }
  }

  /// The axis says round times, from minutes to centuries.
  @Test(arguments: [
    (60, "00:05", "2026-11-21"), (600, "02:00", "2026-11-21"), (60 * 24 * 9, "2026-11-23", nil),
    (60 * 24 * 300, "2027-01", nil), (60 * 24 * 365 * 20, "2030", nil), (60 * 24 * 365 * 900, "2400", nil),
  ])
  func ticksAreRoundTimes(minutes: Int, tick: String, date: String?) throws {
    let midnight = try Timestamp(parsing: "2026-11-21T00:00:00Z")
    let bar = GanttChart.Bar("b", from: midnight, to: midnight + .seconds(minutes * 60), owner: "o")
    let written = try PictureFile(
      svg: GanttChart(title: "t", rows: [GanttChart.Row("r", bars: [bar])]).render(format: .svg)
    ).written
    #expect(written.contains(tick), "\(written)")
    if let date { #expect(written.contains(date), "\(written)") }
    #expect(written.count < 40)
  }

  @Test func aWindowCutsWhatIsOutside() throws {
    let bars = [
      GanttChart.Bar("before", from: at(0), to: at(10), owner: "o"),
      GanttChart.Bar("in", from: at(15), to: at(25), owner: "o"),
      GanttChart.Bar("after", from: at(30), to: at(40), owner: "o"),
    ]
    let chart = GanttChart(
      title: "t", rows: [GanttChart.Row("r", bars: bars)], window: at(10)..<at(30), now: at(5))
    let picture = try PictureFile(svg: chart.render(format: .svg))
    #expect(picture.written.contains("in") && !picture.written.contains("before") && !picture.written.contains("after"))
    #expect(!picture.written.contains("now"))
  }

  @Test func impossibleTimesAreRefused() {
    for (from, to) in [(10, 10), (10, 5)] {
      let bar = GanttChart.Bar("b", from: at(from), to: at(to), owner: "o")
      let problem = #expect(throws: Problem.self) {
        try GanttChart(title: "t", rows: [GanttChart.Row("r", bars: [bar])]).render(format: .svg)
      }
      #expect(problem?.code == "bad-time")
    }
    for seconds: Int64 in [-1, .min, .max, 253_402_300_800] {
      let bar = GanttChart.Bar("b", from: Timestamp(seconds: seconds), to: .distantFuture, owner: "o")
      #expect(throws: Problem.self) {
        try GanttChart(title: "t", rows: [GanttChart.Row("r", bars: [bar])]).render(format: .svg)
      }
    }
    let many = (0...GanttChart.maximumRows).map { GanttChart.Row("\($0)", bars: []) }
    #expect(throws: Problem.self) { try GanttChart(title: "t", rows: many).render(format: .svg) }
  }

  @Test func hostileTextIsText() throws {
    let text = "</title><script>alert(1)</script>\u{0}\u{1b}[31m&\"'"
    let bar = GanttChart.Bar(text, from: at(0), to: at(60), owner: text)
    let picture = try PictureFile(
      svg: GanttChart(title: text, rows: [GanttChart.Row(text, bars: [bar])]).render(format: .svg))
    #expect(picture.written.contains { $0.hasPrefix("</title><script>") })
    #expect(PictureFile.size(png: try GanttChart(title: text, rows: []).render(format: .png)) != nil)
  }
}
