import CommandLine
import Controller
import Embedding
import Glibc
import Infrastructure
import Languages
import Quantities

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
      Example("virtcloud plan -t lab.vc.yaml --substrate grid.substrate.yaml", "Plan on a substrate from a file"),
    ])

  var from = TemplateOptions()
  var times = TimeOptions()
  @Option(
    short: "s", value: "FILE", help: "plan on this substrate, empty, instead of the one in force",
    completion: .file(suffixes: [".substrate.yaml", ".yaml", ".json", ".graphml", ".xml"]))
  var substrate: String?
  var algorithm = AlgorithmOptions()
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = times.apply(to: try from.read(context, output))
    do {
      let proposal = try propose(request, context)
      try ProposalWriter.write(proposal, context, output)
      context.say(ProposalWriter.summary(proposal), output)
    } catch let declined as Declined {
      try ProposalWriter.write(declined, context, output)
      throw declined.problem
    }
  }

  private func propose(_ request: VirtualInfrastructure, _ context: Context) throws -> Proposal {
    let place = try installation.installation()
    let embedder = try algorithm.embedder()
    if let substrate {
      return try Controller.propose(
        request, in: place, on: SubstrateFile.read(substrate, context, output), embedder: embedder)
    }
    // Whoever cannot write the state gets the same answer, but nothing is held for them.
    guard geteuid() == 0, !place.isEmpty, !algorithm.splitPaths else {
      return try Controller.propose(request, in: place, embedder: embedder)
    }
    return try Controller(place, embedder: embedder).plan(request, waiting: context.waiting(output))
  }
}
