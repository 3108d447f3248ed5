import Pictures
import Quantities
import Testing

struct LinePlotTests {
  private func plot(_ points: [LinePlot.Point], horizontal: LinePlot.Horizontal = .number("Requests")) -> LinePlot {
    LinePlot(
      title: "A & B", horizontal: horizontal, vertical: "Ratio", series: [LinePlot.Series("one", points: points)])
  }

  @Test func everyLabelIsInThePicture() throws {
    let names = (0..<12).map { "strategy \($0)" }
    let series = names.enumerated().map { index, name in
      LinePlot.Series(
        name, points: (0..<100).map { LinePlot.Point(Double($0), Double($0 * index) / 1100) }, isStepped: index % 2 == 0
      )
    }
    let plot = LinePlot(
      title: "Acceptance", horizontal: .number("Requests"), vertical: "Ratio", verticalRange: 0...1, series: series)
    let written = try PictureFile(svg: plot.render(format: .svg)).written
    for label in names + ["Acceptance", "Requests", "Ratio", "0", "0.2", "1.0", "20"] {
      #expect(written.contains(label), "\(label): \(written)")
    }
    let size = try #require(PictureFile.size(png: plot.render(format: .png)))
    #expect(size.width == 1800 && size.height > 900)
    #expect(try plot.render(format: .png) == plot.render(format: .png))
  }

  @Test(
    arguments: [
      ([], ["0", "1.0"]), ([(3, 3)], ["3.0"]), ([(0, 0), (1, 0)], ["0", "-1.0"]), ([(0, -5), (1, -4)], ["−5.0"]),
      ([(0, 1e9), (1, 3e9)], ["3.0G"]), ([(0, 1e15), (1, -1e15)], ["−1000T"]),
      ([(0, 1e-7), (1, 2e-7)], ["1.8e-07", "1.6e-07", "2e-07"]),
      ([(0, 100_000), (1, 100_001)], ["100.0000k"]), ([(5, 2), (5, 9)], ["5.0"]),
    ] as [([(Double, Double)], [String])])
  func axesTakeAnyNumbers(points: [(Double, Double)], labels: [String]) throws {
    let plot = plot(points.map { LinePlot.Point($0.0, $0.1) })
    let written = try PictureFile(svg: plot.render(format: .svg)).written
    #expect(labels.contains { written.contains($0) }, "\(written)")
    let png = try plot.render(format: .png)
    #expect(written.count < 40 && PictureFile.size(png: png) != nil)
  }

  @Test func timesAreMarkedInUTC() throws {
    let start = 1_795_248_000.0  // 2026-11-21T08:00:00Z
    let plot = plot([LinePlot.Point(start, 1), LinePlot.Point(start + 6 * 3600, 2)], horizontal: .time)
    let written = try PictureFile(svg: plot.render(format: .svg)).written
    #expect(written.contains("09:00") && written.contains("2026-11-21") && written.contains("UTC"), "\(written)")
  }

  @Test func manyPointsAreThinnedAndKeepTheirExtremes() throws {
    let points = (0..<300_000).map { LinePlot.Point(Double($0), $0 == 123_456 ? 1000 : Double($0 % 7)) }
    let svg = try plot(points).render(format: .svg)
    #expect(svg.count < 300_000)
    // The plot reaches to 1000, at the top; the spike gets there.
    let line = try #require(
      String(decoding: svg, as: UTF8.self).split(separator: "\n").last {
        $0.hasPrefix("<polyline") && $0.utf8.count > 1000
      })
    let heights = line.split(separator: "\"")[1].split(separator: " ").compactMap {
      $0.split(separator: ",").last.flatMap { Double($0) }
    }
    let (low, high) = (heights.min() ?? 0, heights.max() ?? 0)
    #expect(abs(high - low - 400) < 0.1)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e16]) func numbersThatCannotBeDrawnAreRefused(number: Double) {
    for point in [LinePlot.Point(number, 0), LinePlot.Point(0, number)] {
      let problem = #expect(throws: Problem.self) { try plot([LinePlot.Point(0, 0), point]).render(format: .svg) }
      #expect(problem?.code == "bad-number")
    }
  }
}
