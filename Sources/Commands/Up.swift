import API
import Client
import CommandLine
import Controller
import Infrastructure
import Quantities

/// `virtcloud up`.
struct Up: Command {
  static let about = About(
    "up", "Build a virtual infrastructure, or change a running one into what the file says.",
    discussion: """
      Finds room for the file's nodes and networks, holds VLANs for them, builds them, and prints the table of \
      nodes. A second run changes nothing; a run after a crash goes on where it stopped. A lease that starts later is \
      reserved, and begins by itself. Where there is no room, counter-offers are held for 10 minutes.
      """,
    examples: [
      Example("virtcloud up -t lab.vc.yaml", "Build what the file describes"),
      Example("virtcloud up --dry-run", "Say what the one *.vc.yaml here would do"),
      Example("virtcloud up --offer 1", "Take a counter-offer that 'plan' or 'up' made"),
      Example("virtcloud up -t lab.vc.yaml --controller https://grid.example:7743", "Build it on a site"),
    ])

  var from = TemplateOptions()
  var times = TimeOptions()
  @Option(value: "NUMBER", help: "take this counter-offer instead of reading a file", completion: .dynamic("offer"))
  var offer: Int?
  @Flag(help: "say what would be done and change nothing") var dryRun: Bool
  var build = BuildOptions()
  var algorithm = AlgorithmOptions()
  var cloud = CloudOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    if let offer { return try take(offer, context) }
    let request = times.apply(to: try from.read(context, output))
    do {
      if dryRun { return try show(RequestPlanner(cloud, algorithm, build).propose(request), context) }
      let client = try cloud.client(for: "build an infrastructure", context, output)
      try BuildRun(client, context, output).run(algorithm.order(for: request, build), name: request.name)
    } catch let refused as RefusedWithOffers {
      try ProposalWriter.write(refused, context, output)
      throw refused.problem
    }
  }

  private func take(_ number: Int, _ context: Context) throws {
    guard from.template == nil, times.start == nil, times.duration == nil else {
      throw Problem(
        .invalid, "offer-and-file", "An offer is taken as it is, but a file or a time was given, too.",
        remedy: "Leave out either '--offer' or the others.")
    }
    if dryRun {
      let held = try cloud.reader().offers().filter { $0.number == number }
      return try context.write(Table(offers: held), output)
    }
    let client = try cloud.client(for: "take an offer", context, output)
    try BuildRun(client, context, output).run(.take(offer: number), name: nil)
  }

  private func show(_ proposal: ProposalDocument, _ context: Context) throws {
    try context.write(Table(proposal.nodes), output)
    context.say("\(proposal.name): \(proposal.change.rawValue); nothing was done", output)
  }
}

/// What verbs that build have in common beside the algorithm.
struct BuildOptions: ParameterGroup {
  @Option(value: "PROJECT", help: "the project that pays and whose members may use it (default: you alone)")
  var project: String?
  @Option(value: "WHERE", help: "where machines of a host that is lost are started again; never twice at once")
  var restart: Restart?

  enum Restart: String, ArgumentValue, CaseIterable { case elsewhere }
}
