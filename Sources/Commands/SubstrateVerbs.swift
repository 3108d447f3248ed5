import API
import Client
import CommandLine
import Infrastructure
import Languages
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
    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let substrate = try SubstrateFile.read(file, context, output)
      let size = "\(substrate.sites.count) sites, \(substrate.hosts.count) hosts, \(substrate.links.count) core links"
      if dryRun { return context.say("substrate \(substrate.name): \(size); nothing was done", output) }
      let client = try cloud.client(for: "apply a substrate", context, output)
      _ = try client.perform(
        .apply(substrate: SubstrateWriter.text(substrate)), showing: context.progress(output))
      context.say("substrate \(substrate.name) is in force: \(size)", output)
    }
  }

  /// `virtcloud substrate show`.
  struct ShowSubstrate: Command {
    static let about = About("show", "Show the hosts of the substrate in force, or its links.")

    @Flag(help: "show the core links instead of the hosts") var links: Bool
    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let substrate = try cloud.reader().substrate()
      try context.write(links ? Table(substrate.links) : Table(substrate.hosts), output)
    }
  }

  /// `virtcloud substrate vlans`.
  struct VLANs: Command {
    static let about = About("vlans", "Show who holds which VLAN at which site.")

    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      try context.write(Table(cloud.reader().vlans()), output)
    }
  }

  /// `virtcloud substrate remove`.
  struct Remove: Command {
    static let about = About("remove", "Take the substrate away; refused while something runs on it.")

    @Flag(help: "say what would be done and change nothing") var dryRun: Bool
    @Flag(short: "y", help: "do not ask") var yes: Bool
    var cloud = CloudOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let none = "no substrate is in force but this machine"
      guard try !cloud.isEmpty(for: "remove a substrate") else { return context.say(none, output) }
      let present = try cloud.reader().substrate()
      if dryRun { return context.say("substrate \(present.name) would be removed", output) }
      let client = try cloud.client(for: "remove a substrate", context, output)
      if present.isDefault { return context.say(none, output) }
      if !yes { try Confirmation.ask("Remove substrate \(present.name)?", context) }
      _ = try client.perform(.removeSubstrate, showing: context.progress(output))
      context.say("substrate \(present.name) is removed", output)
    }
  }
}
