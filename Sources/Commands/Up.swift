import CommandLine
import Controller
import Glibc
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
    ])

  var from = TemplateOptions()
  var times = TimeOptions()
  @Option(value: "NUMBER", help: "take this counter-offer instead of reading a file", completion: .dynamic("offer"))
  var offer: Int?
  @Flag(help: "say what would be done and change nothing") var dryRun: Bool
  var algorithm = AlgorithmOptions()
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let place = try installation.installation()
    if let offer { return try take(offer, place, context) }
    let request = times.apply(to: try from.read(context, output))
    do {
      if dryRun { return try show(Controller.propose(request, in: place, embedder: algorithm.embedder()), context) }
      try Installation.requireRoot(for: "build an infrastructure")
      try build(place, context) { controller, progress in
        try controller.up(
          request, owner: getuid(), waiting: context.waiting(output), progress: context.steps(to: progress))
      }
    } catch let declined as Declined {
      try ProposalWriter.write(declined, context, output)
      throw declined.problem
    }
  }

  private func take(_ number: Int, _ place: Installation, _ context: Context) throws {
    guard from.template == nil, times.start == nil, times.duration == nil else {
      throw Problem(
        .invalid, "offer-and-file", "An offer is taken as it is, but a file or a time was given, too.",
        remedy: "Leave out either '--offer' or the others.")
    }
    if dryRun {
      let held = place.isEmpty ? [] : try Controller(place).offers().filter { $0.number == number }
      return try context.write(Table(offers: held.map(\.offer), held: held), output)
    }
    try Installation.requireRoot(for: "take an offer")
    try build(place, context) { controller, progress in
      try controller.take(
        offer: number, owner: getuid(), waiting: context.waiting(output), progress: context.steps(to: progress))
    }
  }

  private func build(
    _ place: Installation, _ context: Context,
    _ body: (Controller, any ProgressReporter) throws -> (proposal: Proposal, view: InfrastructureView)
  ) throws {
    let progress = context.progress(output)
    defer { progress.finish() }
    let (proposal, view) = try body(Controller(place, embedder: algorithm.embedder()), progress)
    progress.finish()
    try context.write(Table(view.rows, state: view.state(of:)), output)
    context.say(Self.summary(proposal, view), output)
    for problem in view.problems.dropFirst() { context.say("also: \(problem.message) (\(problem.code))", output) }
    if let problem = view.problems.first { throw problem }
  }

  private func show(_ proposal: Proposal, _ context: Context) throws {
    try context.write(Table(proposal.rows), output)
    context.say("\(proposal.admission.infrastructure.name): \(proposal.change.rawValue); nothing was done", output)
  }

  static func summary(_ proposal: Proposal, _ view: InfrastructureView) -> String {
    let name = view.record.name
    if view.record.standing.phase == .reserved {
      let end = proposal.interval.upperBound == .distantFuture ? "" : " until \(proposal.interval.upperBound)"
      return
        "\(name) is reserved (\(proposal.change.rawValue)) from \(proposal.interval.lowerBound)\(end); it begins by itself"
    }
    let lease = view.remaining.map { ", lease ends in \(Duration.seconds($0).text)" } ?? ""
    return "\(name) is up: \(view.running.count) nodes (\(proposal.change.rawValue))\(lease)"
  }
}
