import CommandLine
import Controller
import Glibc
import Languages
import Linux
import Quantities

/// `virtcloud serve`.
struct ServeVerb: Command {
  static let about = About(
    "serve", "Be the controller: of this machine alone, or of a site.",
    discussion: """
      With --local it answers the users of this machine at a Unix socket; other verbs start it by themselves where it \
      does not run. With --config it does what the file says (docs/operating.md). SIGTERM and Ctrl-C end it in an \
      orderly way: machines and networks stay, and are found again. SIGHUP has it read certificates and configuration \
      again.
      """,
    examples: [
      Example("virtcloud serve --local", "This machine's service, in the foreground"),
      Example("virtcloud serve --config /etc/virtcloud/service.yaml", "A site's controller, as its unit starts it"),
    ])

  @Flag(help: "serve the users of this machine, and nobody else") var local: Bool
  @Option(value: "FILE", help: "the configuration of a site's controller", completion: .file(suffixes: [".yaml"]))
  var config: String?
  @Option(value: "NUMBER", help: "descriptor on which to tell that it is ready", isHidden: true) var ready: Int?
  @Flag(help: "end when nobody has needed it for a while", isHidden: true) var startedByItself: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let descriptor = ready.map { Int32(clamping: $0) }
    // What it starts shall not keep whoever waits for it waiting.
    if let descriptor { try check(fcntl(descriptor, F_SETFD, FD_CLOEXEC), "keep to ourselves", "the ready descriptor") }
    do {
      try serve(context, descriptor)
    } catch let problem as Problem {
      if let descriptor { ReadySignal.tell(problem, descriptor) }
      throw problem
    }
  }

  private func serve(_ context: Context, _ ready: Int32?) throws {
    guard local != (config != nil) else {
      throw Problem(
        .invalid, "local-or-config", "A service is of this machine alone, or has a configuration: one of the two.",
        remedy: "Give either '--local' or '--config FILE'.")
    }
    try Installation.requireRoot(for: "serve a cloud that it builds")
    let plan = try plan(context)
    let signals = try ProcessSignals()
    let run = try ServiceRun(plan, isStarter: ready == nil)
    if let ready { ReadySignal.tellReady(ready) }
    context.say("serving \(plan.installation.stateDirectory) at \(run.addresses.joined(separator: ", "))", output)
    try run.untilEnd(signals, endsWhenIdle: startedByItself) { try self.plan(context) }
  }

  private func plan(_ context: Context) throws -> ServicePlan {
    guard let config else { return ServicePlan(local: try installation.installation()) }
    let file = try InputFile.find(config, suffix: ".yaml", what: "configuration")
    var configuration = try ServiceConfigurationReader.read(
      text: file.text, file: file.name, environment: context.environment)
    if let state = installation.state { configuration.stateDirectory = state }
    return try ServicePlan(configuration)
  }
}
