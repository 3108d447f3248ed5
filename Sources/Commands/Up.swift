import CommandLine
import Controller
import Glibc
import Quantities

/// `virtcloud up`.
struct Up: Command {
  static let about = About(
    "up", "Build a virtual infrastructure, or change a running one into what the file says.",
    discussion: """
      Finds room for the file's nodes and networks, holds VLANs for them, builds them, and prints the table of \
      nodes. A second run changes nothing; a run after a crash goes on where it stopped.
      """,
    examples: [
      Example("virtcloud up -t lab.vc.yaml", "Build what the file describes"),
      Example("virtcloud up --dry-run", "Say what the one *.vc.yaml here would do"),
    ])

  var from = TemplateOptions()
  @Flag(help: "say what would be done and change nothing") var dryRun: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = try from.read(context)
    let place = try installation.installation()
    if dryRun { return try show(Controller.propose(request, in: place), context) }
    try Installation.requireRoot(for: "build an infrastructure")
    let controller = try Controller(place)
    let progress = context.progress(output)
    defer { progress.finish() }
    let (proposal, view) = try controller.up(
      request, owner: getuid(), waiting: context.waiting(output), progress: context.steps(to: progress))
    progress.finish()
    try context.write(Table(view.rows, state: view.state(of:)), output)
    context.say(summary(proposal, view), output)
  }

  private func show(_ proposal: Proposal, _ context: Context) throws {
    try context.write(Table(proposal.rows), output)
    context.say("\(proposal.admission.infrastructure.name): \(proposal.change.rawValue); nothing was done", output)
  }

  private func summary(_ proposal: Proposal, _ view: InfrastructureView) -> String {
    let lease = view.remaining.map { ", lease ends in \(Duration.seconds($0).text)" } ?? ""
    return "\(view.record.name) is up: \(view.running.count) nodes (\(proposal.change.rawValue))\(lease)"
  }
}
