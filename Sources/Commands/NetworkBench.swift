import CommandLine
import Measurement
import Pictures
import Quantities

/// The measurements of `virtcloud bench network`, one after the other, with what they found.
struct NetworkBench {
  /// One number.
  struct Figure {
    var pair: BenchPair
    var kind: MeasurementChoice.Kind
    var what: String
    var value: Double
    var unit: String
  }

  private(set) var figures: [Figure] = []
  private(set) var plots: [(kind: MeasurementChoice.Kind, plot: LinePlot)] = []
  private let pairs: [BenchPair]
  private let duration: Duration
  private static let sizes = [64, 512, 1400]

  init(_ pairs: [BenchPair], for duration: Duration) {
    self.pairs = pairs
    self.duration = duration
  }

  /// Measures every pair in every way that is asked for; one line of progress each.
  mutating func run(_ kinds: [MeasurementChoice.Kind], _ progress: any ProgressReporter) throws(Problem) {
    progress.begin("measuring", total: kinds.reduce(0) { $0 + ($1 == .rates ? 1 : pairs.count) })
    for kind in kinds {
      var lines: [LinePlot.Series] = []
      if kind == .rates {
        progress.advance("rates")
        lines = try rates()
      } else {
        for pair in pairs {
          progress.advance("\(kind.rawValue) of \(pair.label), \(pair.from) to \(pair.to)")
          if let line = try measure(pair, kind) { lines.append(line) }
        }
      }
      draw(kind, lines)
    }
  }

  /// The pair's line of the plot, where there is one.
  private mutating func measure(_ pair: BenchPair, _ kind: MeasurementChoice.Kind) throws(Problem) -> LinePlot.Series? {
    switch kind {
    case .throughput: try throughput(pair)
    case .roundTrip: try roundTrip(pair)
    case .packets: try packets(pair)
    case .order: try order(pair)
    case .rates: nil
    }
  }

  private mutating func add(
    _ pair: BenchPair, _ kind: MeasurementChoice.Kind, _ what: String, _ value: Double, _ unit: String
  ) {
    figures.append(Figure(pair: pair, kind: kind, what: what, value: value, unit: unit))
  }

  private mutating func throughput(_ pair: BenchPair) throws(Problem) -> LinePlot.Series? {
    let result = try Throughput.measure(pair.path, for: duration)
    add(pair, .throughput, "TCP", result.rate.megabits, "Mbit/s")
    return series(pair, result.series, Throughput.step)
  }

  private mutating func roundTrip(_ pair: BenchPair) throws(Problem) -> LinePlot.Series? {
    let result = try RoundTrip.measure(pair.path, limit: duration)
    for (what, fraction) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      add(pair, .roundTrip, what, result.percentile(fraction).microseconds, "µs")
    }
    add(pair, .roundTrip, "lost", Double(result.lost), "echoes")
    // The slowest hundredth may take a thousand times as long, and would leave nothing to see of the others.
    let points = (0...99).map { LinePlot.Point(result.percentile(Double($0) / 100).microseconds, Double($0)) }
    return LinePlot.Series(title(pair), points: points)
  }

  private mutating func packets(_ pair: BenchPair) throws(Problem) -> LinePlot.Series? {
    var points: [LinePlot.Point] = []
    for payload in Self.sizes {
      guard let result = try search(pair, payload) else { continue }
      add(pair, .packets, "\(payload) octets", result.packetsPerSecond, "packets/s")
      add(pair, .packets, "\(payload) octets", result.rate.megabits, "Mbit/s")
      points.append(LinePlot.Point(Double(payload), result.packetsPerSecond))
    }
    return LinePlot.Series(title(pair), points: points)
  }

  /// Nil where so much payload does not fit a frame. A search takes about ten trials.
  private func search(_ pair: BenchPair, _ payload: Int) throws(Problem) -> PacketRate? {
    do throws(Problem) {
      let trial = min(max(.milliseconds(100), duration / 5), .seconds(60))
      return try PacketRate.search(pair.path, payload: payload, trial: trial)
    } catch {
      if error.code == "payload-too-large" { return nil }
      throw error
    }
  }

  private mutating func order(_ pair: BenchPair) throws(Problem) -> LinePlot.Series? {
    let report = try OrderFlow(pair.path, limit: duration).finish()
    let counts = [
      ("sent", report.sent), ("lost", report.lost), ("doubled", report.duplicated),
      ("out of order", report.outOfOrder), ("lost in a row", report.longestLoss),
    ]
    for (what, count) in counts { add(pair, .order, what, Double(count), "packets") }
    add(pair, .order, "longest gap", report.worstGap.microseconds, "µs")
    return nil
  }

  /// Every pair whose network has a rate, at once; first at the whole rate, then at nine tenths.
  private mutating func rates() throws(Problem) -> [LinePlot.Series] {
    let limited = Array(pairs.filter { $0.rate != nil }.prefix(OfferedLoad.maximumFlows))
    guard !limited.isEmpty else { return [] }
    var lines: [LinePlot.Series] = []
    for share in [1.0, 0.9] {
      let reports = try offer(limited, share)
      for (pair, report) in zip(limited, reports) {
        add(pair, .rates, "received of \(share) offered", report.rate.megabits, "Mbit/s")
        add(pair, .rates, "lost of \(share) offered", report.loss * 100, "%")
        if share == 1 { lines.append(series(pair, report.series, report.bin)) }
      }
    }
    return lines
  }

  /// With large frames where they fit.
  private func offer(_ pairs: [BenchPair], _ share: Double) throws(Problem) -> [OfferedReport] {
    func run(_ payload: Int) throws(Problem) -> [OfferedReport] {
      let flows = pairs.map { pair in
        OfferedFlow(
          name: pair.label, path: pair.path,
          rate: Bitrate(bitsPerSecond: UInt64(Double(pair.rate?.bitsPerSecond ?? 0) * share)), payload: payload)
      }
      return try OfferedLoad.run(flows, for: duration)
    }
    do throws(Problem) { return try run(1400) } catch {
      guard error.code == "payload-too-large" else { throw error }
      return try run(512)
    }
  }

  private func title(_ pair: BenchPair) -> String { "\(pair.label): \(pair.from) to \(pair.to)" }

  private func series(_ pair: BenchPair, _ rates: [Bitrate], _ step: Duration) -> LinePlot.Series {
    let points = rates.enumerated().map { LinePlot.Point(Double($0.offset) * step.inSeconds, $0.element.megabits) }
    return LinePlot.Series(title(pair), points: points, isStepped: true)
  }

  private mutating func draw(_ kind: MeasurementChoice.Kind, _ lines: [LinePlot.Series]) {
    guard !lines.isEmpty else { return }
    let axes: (title: String, x: String, y: String) =
      switch kind {
      case .throughput: ("TCP payload", "s", "Mbit/s")
      case .roundTrip: ("Round trips", "µs", "share that is shorter, %")
      case .packets: ("Datagrams with less than 0.5 % lost", "octets of payload", "packets/s")
      case .order: ("Order", "s", "packets")
      case .rates: ("What arrives of what is offered, octets of layer 2", "s", "Mbit/s")
      }
    // A picture with more lines than it may have is not readable anyway.
    let shown = Array(lines.prefix(LinePlot.maximumSeries))
    plots.append(
      (
        kind,
        LinePlot(
          title: axes.title, horizontal: .number(axes.x), vertical: axes.y, verticalRange: 0...1, series: shown)
      ))
  }
}

extension Table {
  /// One line a figure.
  init(_ figures: [NetworkBench.Figure]) {
    self.init([
      Column("network"), Column("from"), Column("to"), Column("address", isWide: true), Column("measurement"),
      Column("figure"), Column("value"), Column("unit"),
    ])
    for figure in figures {
      append([
        .string(figure.pair.label), "\(figure.pair.from)", "\(figure.pair.to)", "\(figure.pair.path.destination)",
        "\(figure.kind.rawValue)", .string(figure.what), .double((figure.value * 1000).rounded() / 1000),
        .string(figure.unit),
      ])
    }
  }
}

extension Bitrate {
  fileprivate var megabits: Double { Double(bitsPerSecond) / 1e6 }
}

extension Duration {
  fileprivate var microseconds: Double { inSeconds * 1e6 }
}
