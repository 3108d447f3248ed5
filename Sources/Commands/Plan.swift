import CommandLine
import Controller
import Languages
import Quantities

/// `virtcloud plan`.
struct Plan: Command {
  static let about = About(
    "plan", "Show where a virtual infrastructure would go; changes nothing and needs no privileges.",
    examples: [
      Example("virtcloud plan -t lab.vc.yaml", "Plan on the substrate in force"),
      Example("virtcloud plan -t lab.vc.yaml --substrate grid.substrate.yaml", "Plan on a substrate from a file"),
    ])

  var from = TemplateOptions()
  @Option(
    short: "s", value: "FILE", help: "plan on this substrate, empty, instead of the one in force",
    completion: .file(suffixes: [".substrate.yaml", ".yaml"]))
  var substrate: String?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let request = try from.read(context)
    let other = try substrate.map { try SubstrateFile.read($0, context) }
    let proposal = try Controller.propose(request, in: installation.installation(), on: other)
    try context.write(Table(proposal.rows), output)
    context.say("\(request.name) fits: \(proposal.change.rawValue)", output)
  }
}
