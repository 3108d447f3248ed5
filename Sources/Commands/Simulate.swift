import CommandLine
import Embedding
import Infrastructure
import Languages
import Linux
import Pictures
import Quantities
import Simulation

/// `virtcloud simulate`.
struct Simulate: Command {
  static let about = About(
    "simulate", "Replay requests that come and go, and tell how many a substrate can carry.",
    discussion: """
      A workload is a file of JSON lines, packed by gzip or not: a substrate on the first line, then one request a \
      line by rising arrival; docs/embedding.md describes it. Every request is let in when it comes or refused for \
      good, and every embedding is added up by a check that shares no code with the search.

      The table tells the share that was accepted, the long-term revenue for each unit of cost, how much was in use, \
      and the time a request. With --each it has one line a request; with -o it is drawn over time.
      """,
    examples: [
      Example("virtcloud simulate day.jsonl.gz", "Replay on the workload's own substrate"),
      Example("virtcloud simulate day.jsonl.gz -s grid.substrate.yaml --algorithm consolidate", "Size another grid"),
      Example("virtcloud simulate day.jsonl.gz -o day.png", "Draw what was in use over time"),
    ])

  @Argument("WORKLOAD", help: "the requests, as JSON lines", completion: .file(suffixes: [".jsonl", ".gz"]))
  var workload: String
  @Option(
    short: "s", value: "FILE", help: "replay on this substrate instead of the workload's",
    completion: .file(suffixes: [".substrate.yaml", ".yaml", ".json", ".graphml", ".xml"]))
  var substrate: String?
  @Flag(help: "one line a request instead of the sums") var each: Bool
  @Option(
    short: "o", value: "FILE", help: "draw use and acceptance over time, as .svg or .png",
    completion: .file(suffixes: [".svg", ".png"]))
  var picture: String?
  var algorithm = AlgorithmOptions()
  @Flag(help: "lead a wire over several paths where no single one carries it; can be planned, not built")
  var splitPaths: Bool
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let format = try picture.map { (file) throws(Problem) in try PictureFormat(file: file) }
    let source = try InputFile.find(workload, suffix: ".jsonl", what: "workload")
    let requests = try WorkloadReader.read(text: Packed.unpacked(source.text, source.name), file: source.name)
    guard let substrate = try substrate.map({ try SubstrateFile.read($0, context, output) }) ?? requests.substrate
    else { return }
    let outcomes = try replay(requests.arrivals, on: substrate, context)
    try context.write(
      each ? Table(outcomes: outcomes) : Table(SimulationReport(outcomes), on: substrate, algorithm), output)
    guard let picture, let format else { return }
    try PictureFile.write(SimulationPlot.plot(outcomes, substrate).render(format: format), to: picture)
    context.say("drew \(outcomes.count) requests into \(picture)", output)
  }

  private func replay(
    _ arrivals: [Workload.Arrival], on substrate: Substrate, _ context: Context
  ) throws -> [Simulation.Outcome] {
    let progress = context.progress(output)
    defer { progress.finish() }
    progress.begin("replaying requests", total: arrivals.count)
    var simulation = Simulation(substrate, try algorithm.embedder(splitsPaths: splitPaths))
    var outcomes: [Simulation.Outcome] = []
    outcomes.reserveCapacity(arrivals.count)
    for arrival in arrivals {
      outcomes.append(try simulation.replay(arrival))
      progress.advance("\(arrival.request.name)")
    }
    return outcomes
  }
}

extension Table {
  /// The sums of a replay, one line.
  init(_ report: SimulationReport, on substrate: Substrate, _ algorithm: AlgorithmOptions) {
    self.init([
      Column("substrate"), Column("algorithm"), Column("seed", isWide: true), Column("requests"), Column("accepted"),
      Column("acceptance"), Column("revenue", isWide: true), Column("cost", isWide: true), Column("revenue_to_cost"),
      Column("node_use"), Column("link_use"), Column("ms_mean"), Column("ms_median"), Column("ms_p99"),
      Column("ms_max", isWide: true), Column("refusals"),
    ])
    func rounded(_ number: Double) -> Cell { .double((number * 1000).rounded() / 1000) }
    let refusals = report.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key): \($0.value)" }
    append([
      "\(substrate.name)", "\(algorithm.algorithm.rawValue)", .int(algorithm.seed), .int(report.requests),
      .int(report.accepted), rounded(report.acceptance), rounded(report.revenue), rounded(report.cost),
      rounded(report.revenueToCost), rounded(report.nodeUse), rounded(report.linkUse), rounded(report.meanEffort * 1e3),
      rounded(report.medianEffort * 1e3), rounded(report.tailEffort * 1e3), rounded(report.worstEffort * 1e3),
      Cell(refusals),
    ])
  }

  /// One line a request.
  init(outcomes: [Simulation.Outcome]) {
    self.init([
      Column("request"), Column("arrival"), Column("lifetime"), Column("accepted"), Column("refusal"),
      Column("revenue"),
      Column("cost"), Column("node_use"), Column("link_use"), Column("ms"),
    ])
    for outcome in outcomes {
      append([
        "\(outcome.name)", .double(outcome.time), .double(outcome.lifetime), .bool(outcome.isAccepted),
        Cell(outcome.refusal), .double(outcome.revenue), .double(outcome.cost), .double(outcome.nodeUse),
        .double(outcome.linkUse), .double(outcome.effort * 1e3),
      ])
    }
  }
}

/// Use and acceptance over time.
enum SimulationPlot {
  static func plot(_ outcomes: [Simulation.Outcome], _ substrate: Substrate) -> LinePlot {
    var accepted = 0
    var acceptance: [LinePlot.Point] = []
    for (index, outcome) in outcomes.enumerated() {
      if outcome.isAccepted { accepted += 1 }
      acceptance.append(LinePlot.Point(outcome.time, Double(accepted) / Double(index + 1)))
    }
    return LinePlot(
      title: "\(outcomes.count) requests on \(substrate.name)", horizontal: .number("seconds"), vertical: "share",
      verticalRange: 0...1,
      series: [
        .init("accepted so far", points: acceptance),
        .init("cores in use", points: outcomes.map { .init($0.time, $0.nodeUse) }, isStepped: true),
        .init("core links in use", points: outcomes.map { .init($0.time, $0.linkUse) }, isStepped: true),
      ])
  }
}
