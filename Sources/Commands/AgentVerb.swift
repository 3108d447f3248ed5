import CommandLine
import Controller
import Quantities
import RemoteAgent

/// `virtcloud agent`.
struct AgentVerb: Command {
  static let about = About(
    "agent", "Work this host for a controller elsewhere.",
    discussion: """
      'virtcloud host enrol HOST' on a controller prints the command for the first start: it brings a one-time token, \
      for which the host gets a certificate of its own, and the fingerprint of the authority that controllers must \
      have theirs from. Later starts need neither. Ends with SIGTERM; what runs on the host goes on then, and is \
      found again by the next start.
      """,
    examples: [
      Example(
        "virtcloud agent --controller https://head.example:7743 --token vce_… --fingerprint 3f0c…",
        "join a cloud, and work for it"),
      Example("virtcloud agent", "work for it again"),
    ])

  @Option(value: "URL", help: "a controller; may be given more than once (default: as enrolled)") var controller: [String]
  @Option(value: "TOKEN", help: "the one-time token; used where there is no certificate yet") var token: String?
  @Option(
    value: "FILE", help: "certificate of the authority that controllers have theirs from (PEM)", completion: .file([]))
  var ca: String?
  @Option(value: "SHA256", help: "fingerprint of that certificate, instead of the file") var fingerprint: String?
  @Option(value: "NAME", help: "what the substrate calls this host (default: its own name)") var host: Name?
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "work this host")
    if ca != nil, fingerprint != nil {
      throw Problem(
        .invalid, "two-authorities", "Both '--ca' and '--fingerprint' are given.", remedy: "Give one of the two.")
    }
    let options = AgentOptions(
      installation: try installation.installation(), host: host, controllers: controller, token: token,
      trust: ca.map(AgentOptions.Trust.file) ?? fingerprint.map(AgentOptions.Trust.fingerprint),
      version: Version.current)
    try RemoteAgent.run(options) { context.console.message("virtcloud agent: \($0)\n") }
  }
}
