import CommandLine
import Controller
import Embedding
import Glibc
import Infrastructure
import Languages
import Optimum
import Pictures
import Quantities
import Synchronization

/// `virtcloud plan`.
struct Plan: Command {
  static let about = About(
    "plan", "Show where and when a virtual infrastructure would go, and what it costs.",
    discussion: """
      Builds nothing, and needs no privileges. Where the request does not fit, the bottleneck is named and \
      counter-offers are listed, the nearest first: later, shorter, elsewhere, or smaller. Run by root they are held \
      for 10 minutes and can be taken with 'virtcloud up --offer NUMBER'. The status is then 3.
      """,
    examples: [
      Example("virtcloud plan -t lab.vc.yaml", "Plan on the substrate in force"),
      Example("virtcloud plan -t lab.vc.yaml --start +2h --duration 4h", "Plan a lease that starts in two hours"),
      Example("virtcloud plan -t lab.vc.yaml -o lab.svg", "Draw who goes where"),
      Example("virtcloud plan -t lab.vc.yaml --substrate grid.substrate.yaml", "Plan on a substrate from a file"),
    ])

  var from = TemplateOptions()
  var times = TimeOptions()
  @Option(
    short: "s", value: "FILE", help: "plan on this substrate, empty, instead of the one in force",
    completion: .file(suffixes: [".substrate.yaml", ".yaml", ".json", ".graphml", ".xml"]))
  var substrate: String?
  @Option(
    short: "o", value: "FILE", help: "draw who goes where, too, as .svg or .png",
    completion: .file(suffixes: [".svg", ".png"]))
  var picture: String?
  var algorithm = AlgorithmOptions()
  @Flag(help: "lead a wire over several paths where no single one carries it; can be planned, not built")
  var splitPaths: Bool
  @Flag(help: "find the cheapest embedding there is, by an integer program; for small requests") var exact: Bool
  @Option(value: "TIME", help: "how long --exact may take; then the best so far is told with its gap")
  var timeLimit: Span = Span(.seconds(30))
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = times.apply(to: try from.read(context, output))
    let format = try picture.map { (file) throws(Problem) in try PictureFormat(file: file) }
    do {
      let proof =
        exact ? ProvingEmbedder(ExactEmbedder(timeLimit: timeLimit.duration, splitsWires: splitPaths)) : nil
      let proposal = try propose(request, proof, context)
      try ProposalWriter.write(proposal, context, output)
      if let picture, let format {
        let diagram = Diagram(proposal.admission.embedding, of: request, on: proposal.view.substrate)
        try PictureFile.write(GraphPicture.render(dot: DOTWriter.write(diagram), format: format), to: picture)
      }
      context.say(ProposalWriter.summary(proposal), output)
      if let told = proof?.told { context.say(told, output) }
    } catch let declined as Declined {
      try ProposalWriter.write(declined, context, output)
      throw declined.problem
    }
  }

  private func propose(
    _ request: VirtualInfrastructure, _ proof: ProvingEmbedder?, _ context: Context
  ) throws -> Proposal {
    let place = try installation.installation()
    let embedder: any Embedder = try proof ?? algorithm.embedder(splitsPaths: splitPaths)
    if let substrate {
      return try Controller.propose(
        request, in: place, on: SubstrateFile.read(substrate, context, output), embedder: embedder)
    }
    // Whoever cannot write the state gets the same answer, but nothing is held for them.
    guard geteuid() == 0, !place.isEmpty, !splitPaths else {
      return try Controller.propose(request, in: place, embedder: embedder)
    }
    return try Controller(place, embedder: embedder).plan(request, waiting: context.waiting(output))
  }
}

/// An exact embedder that remembers what it proved.
private final class ProvingEmbedder: Embedder {
  private let exact: ExactEmbedder
  private let solution = Mutex<ExactSolution?>(nil)

  init(_ exact: ExactEmbedder) { self.exact = exact }

  var quick: any Embedder { exact.quick }

  func place(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Refusal) -> Embedding {
    do throws(Problem) {
      let found = try exact.solve(request, on: view, keeping: keeping)
      solution.withLock { $0 = found }
      return found.embedding
    } catch { throw Refusal(error) }
  }

  /// How good the answer is; nil where there is none.
  var told: String? {
    solution.withLock { solution in
      guard let solution else { return nil }
      if solution.isOptimal { return "no embedding crosses less" }
      let percent = (solution.gap * 1000).rounded() / 10
      return "time ran out: the best found so far, at most \(percent) % above the optimum"
    }
  }
}
