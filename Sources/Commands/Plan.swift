import API
import Client
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
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = times.apply(to: try from.read(context, output))
    let format = try picture.map { (file) throws(Problem) in try PictureFormat(file: file) }
    do {
      let proof =
        exact ? ProvingEmbedder(ExactEmbedder(timeLimit: timeLimit.duration, splitsWires: splitPaths)) : nil
      let (proposal, grid) = try propose(request, proof, context)
      try ProposalWriter.write(proposal, context, output)
      if let picture, let format {
        let diagram = Diagram(proposal.embedding, of: request, on: try grid ?? cloud.reader().substrateModel())
        try PictureFile.write(GraphPicture.render(dot: DOTWriter.write(diagram), format: format), to: picture)
      }
      context.say(ProposalWriter.summary(proposal), output)
      if let told = proof?.told { context.say(told, output) }
    } catch let refused as RefusedWithOffers {
      try ProposalWriter.write(refused, context, output)
      throw refused.problem
    }
  }

  /// The proposal, and the substrate that it is on where that is known already.
  private func propose(
    _ request: VirtualInfrastructure, _ proof: ProvingEmbedder?, _ context: Context
  ) throws -> (ProposalDocument, Substrate?) {
    let planner = RequestPlanner(cloud, algorithm)
    if let substrate {
      let grid = try SubstrateFile.read(substrate, context, output)
      return (ProposalDocument(try planner.here(request, on: grid, embedder(proof))), grid)
    }
    guard proof == nil, !splitPaths, algorithm.isPlain else {
      do {
        let proposal = try planner.here(request, embedder(proof))
        return (ProposalDocument(proposal), proposal.view.substrate)
      } catch is RefusedWithOffers where !splitPaths {
        // The usual search makes and holds the offers; that it finds room where this one did not cannot be.
        return (try plan(request, planner, context), nil)
      }
    }
    return (try plan(request, planner, context), nil)
  }

  private func embedder(_ proof: ProvingEmbedder?) throws -> any Embedder {
    try proof ?? algorithm.embedder(splitsPaths: splitPaths)
  }

  /// Whoever cannot have a service started gets the same answer, but nothing is held for them.
  private func plan(
    _ request: VirtualInfrastructure, _ planner: RequestPlanner, _ context: Context
  ) throws -> ProposalDocument {
    let startsIt = try geteuid() == 0 && !cloud.installation().isEmpty
    let client =
      cloud.access.isRemote || startsIt
      ? try cloud.client(for: "hold offers", context, output) : try cloud.reader() as? CloudClient
    guard let client else { return ProposalDocument(try planner.here(request, embedder(nil))) }
    return try client.plan(
      file: InfrastructureWriter.text(request), algorithm: algorithm.algorithm.rawValue, holds: true)
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
