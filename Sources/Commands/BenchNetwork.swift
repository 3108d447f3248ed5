import CommandLine
import Controller
import Infrastructure
import Linux
import Measurement
import Pictures
import Quantities

/// `virtcloud bench`.
struct BenchVerbs: CommandGroup {
  static let about = About(
    "bench", "Measure a running infrastructure with traffic of our own.", subcommands: [BenchNetwork.self])
}

/// `virtcloud bench network`.
struct BenchNetwork: Command {
  static let about = About(
    "network", "Measure the segments and wires of a running infrastructure.",
    discussion: """
      Traffic goes through the nodes' own interfaces; nothing is needed inside their images, and it counts against \
      no node's share of the processor. Without a choice, each network is measured between its first two running \
      nodes. It loads the network: what else runs there is in its way.

        throughput  TCP payload that arrives
        round-trip  echoes of 56 octets, one after the other
        packets     datagrams of 64, 512 and 1400 octets with less than 0.5 % lost
        order       1,000 datagrams a second: lost, doubled, out of order
        rates       all networks with a rate at once, offered at 1.0 and at 0.9 of it, in octets of layer 2
      """,
    examples: [
      Example("virtcloud bench network mpi-lab", "Every network, every measurement"),
      Example("virtcloud bench network mpi-lab --from gw --to far --only round-trip", "One path"),
      Example("virtcloud bench network mpi-lab --only order --seconds 3600", "An hour of RUDE and CRUDE's test"),
      Example("virtcloud bench network mpi-lab -o lab.svg", "The pictures lab-throughput.svg and so on, too"),
    ])

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Option(value: "NETWORK", help: "only this segment or wire") var network: [String] = []
  @Option(value: "NODE", help: "send from this node", completion: .node) var from: String?
  @Option(value: "NODE", help: "send to this node", completion: .node) var to: String?
  @Option(value: "LIST", help: "only these measurements, separated by commas") var only: MeasurementChoice =
    MeasurementChoice()
  @Option(value: "N", help: "how long each measurement lasts") var seconds: Int = 2
  @Option(
    short: "o", value: "FILE", help: "draw each measurement, too: into FILE, or FILE with its name before the ending",
    completion: .file(suffixes: [".svg", ".png"]))
  var picture: String?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "measure between nodes")
    guard (1...7200).contains(seconds) else {
      throw Problem(
        .invalid, "duration-out-of-range", "A measurement cannot last \(seconds) s.",
        remedy: "Let it last from 1 to 7200 s.")
    }
    let format = try picture.map { try PictureFormat(file: $0) }
    let view = try Controller(installation.installation()).show(name)
    let pairs = try BenchPairs(view, networks: network, from: from, to: to).pairs
    let progress = context.progress(output)
    defer { progress.finish() }
    var bench = NetworkBench(pairs, for: .seconds(seconds))
    try bench.run(only.kinds, progress)
    progress.finish()
    try context.write(Table(bench.figures), output)
    guard let picture, let format else { return }
    for plot in bench.plots {
      let file = bench.plots.count == 1 ? picture : Self.name(picture, plot.kind)
      try PictureFile.write(try plot.plot.render(format: format), to: file)
      context.say("drew \(file)", output)
    }
    if bench.plots.isEmpty { context.say("nothing was drawn: what was measured has no picture", output) }
  }

  /// `lab.svg` → `lab-packets.svg`; the file is known to have an ending.
  private static func name(_ file: String, _ kind: MeasurementChoice.Kind) -> String {
    guard let dot = file.lastIndex(of: ".") else { return "\(file)-\(kind.rawValue)" }
    return "\(file[..<dot])-\(kind.rawValue)\(file[dot...])"
  }
}

/// Which measurements somebody wants: words separated by commas.
struct MeasurementChoice: ArgumentValue {
  enum Kind: String, CaseIterable, Sendable {
    case throughput
    case roundTrip = "round-trip"
    case packets, order, rates
  }

  var kinds = Kind.allCases

  init() {}

  init(argument: String) throws {
    let words = argument.split(separator: ",").map(String.init)
    let chosen = try words.map { word throws(Problem) in
      guard let kind = Kind(rawValue: word) else {
        throw Problem(
          .invalid, "bad-value", "There is no measurement '\(word.excerpt)'.",
          remedy: Nearest.name(to: word, among: Kind.allCases.map(\.rawValue)).map { "Did you mean \($0)?" }
            ?? "There are: \(MeasurementChoice().argumentText).")
      }
      return kind
    }
    // In the order of the help, each once.
    kinds = Kind.allCases.filter(chosen.contains)
    guard !kinds.isEmpty else {
      throw Problem(
        .invalid, "bad-value", "No measurement is named.", remedy: "Name some of \(MeasurementChoice().argumentText).")
    }
  }

  var argumentText: String { kinds.map(\.rawValue).joined(separator: ",") }
}
