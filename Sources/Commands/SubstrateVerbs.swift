import CommandLine
import Controller
import Infrastructure
import Quantities

/// `virtcloud substrate`.
struct SubstrateVerbs: CommandGroup {
  static let about = About(
    "substrate", "The physical grid: apply, show or remove it, and see who holds its VLANs.",
    subcommands: [Apply.self, ShowSubstrate.self, VLANs.self, Remove.self])

  /// `virtcloud substrate apply`.
  struct Apply: Command {
    static let about = About(
      "apply", "Put a substrate file into force and build what is emulated of it.",
      examples: [Example("virtcloud substrate apply metacenter.substrate.yaml", "Build the file's sites and links")])

    @Argument("FILE", help: "the substrate; '-' is standard input", completion: .file(suffixes: [".substrate.yaml"]))
    var file: String? = nil
    @Flag(help: "check the file and change nothing") var dryRun: Bool
    var installation = InstallationOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let substrate = try SubstrateFile.read(file, context, output)
      let size = "\(substrate.sites.count) sites, \(substrate.hosts.count) hosts, \(substrate.links.count) core links"
      if dryRun { return context.say("substrate \(substrate.name): \(size); nothing was done", output) }
      try Installation.requireRoot(for: "apply a substrate")
      let progress = context.progress(output)
      defer { progress.finish() }
      try Controller(installation.installation()).apply(
        substrate, waiting: context.waiting(output), progress: context.steps(to: progress))
      progress.finish()
      context.say("substrate \(substrate.name) is in force: \(size)", output)
    }
  }

  /// `virtcloud substrate show`.
  struct ShowSubstrate: Command {
    static let about = About("show", "Show the hosts of the substrate in force, or its links.")

    @Flag(help: "show the core links instead of the hosts") var links: Bool
    var installation = InstallationOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let use = try Controller.use(of: installation.installation())
      try context.write(links ? Table(linksOf: use) : Table(hostsOf: use), output)
    }
  }

  /// `virtcloud substrate vlans`.
  struct VLANs: Command {
    static let about = About("vlans", "Show who holds which VLAN at which site.")

    var installation = InstallationOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let place = try installation.installation()
      try context.write(Table(place.isEmpty ? [] : try Controller(place).vlans()), output)
    }
  }

  /// `virtcloud substrate remove`.
  struct Remove: Command {
    static let about = About("remove", "Take the substrate away; refused while something runs on it.")

    @Flag(help: "say what would be done and change nothing") var dryRun: Bool
    @Flag(short: "y", help: "do not ask") var yes: Bool
    var installation = InstallationOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      try Installation.requireRoot(for: "remove a substrate")
      let place = try installation.installation()
      guard !place.isEmpty else { return context.say("no substrate is in force but this machine", output) }
      let controller = try Controller(place)
      let name = try controller.substrate().name
      if dryRun { return context.say("substrate \(name) would be removed", output) }
      if !yes { try Confirmation.ask("Remove substrate \(name)?", context) }
      let removed = try controller.removeSubstrate(waiting: context.waiting(output))
      context.say(removed ? "substrate \(name) is removed" : "no substrate is in force but this machine", output)
    }
  }
}
