import CommandLine
import Controller
import FoundationEssentials
import Glibc
import Languages
import Linux
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
        "virtcloud agent --controller https://head.example.org:7743 --token … --fingerprint …",
        "join a cloud, and work for it"),
      Example("virtcloud agent", "work for it again"),
    ])

  @Option(value: "FILE", help: "the agent's configuration (docs/operating.md)", completion: .file(suffixes: [".yaml"]))
  var config: String?
  @Option(value: "URL", help: "a controller; may be repeated (default: as enrolled)") var controller: [String] = []
  @Option(value: "TOKEN", help: "the one-time token; used where there is no certificate yet") var token: String?
  @Option(
    value: "FILE", help: "certificate of the authority that controllers have theirs from (PEM)",
    completion: .file(suffixes: [".pem", ".crt"]))
  var ca: String?
  @Option(value: "SHA256", help: "fingerprint of that certificate, instead of the file") var fingerprint: String?
  @Option(value: "NAME", help: "what the substrate calls this host (default: its own name)") var name: String?
  @Option(value: "INTERFACE", help: "the interface towards the site's switch (default: as the substrate says)")
  var trunk: String?
  @Flag(help: "take away all that the agent has built on this host, and end") var clear: Bool
  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "work this host")
    if ca != nil, fingerprint != nil {
      throw Problem(
        .invalid, "two-authorities", "Both '--ca' and '--fingerprint' are given.", remedy: "Give one of the two.")
    }
    let file = try configuration(context)
    let place = try Installation(stateDirectory: installation.state ?? file?.stateDirectory)
    if clear {
      try RemoteAgent.clear(place)
      return context.say("nothing of the agent's is left on this host", output)
    }
    let authority = ca ?? (fingerprint == nil ? file?.authority : nil)
    let options = AgentOptions(
      installation: place, host: try name.map { try Name(parsing: $0) } ?? file?.name,
      controllers: controller.isEmpty ? file?.controllers ?? [] : controller,
      token: try token ?? file?.tokenFile.flatMap(oneTimeToken),
      trust: authority.map(AgentOptions.Trust.file) ?? fingerprint.map(AgentOptions.Trust.fingerprint),
      trunk: trunk ?? file?.trunk, version: Version.current)
    let isJSON = file?.logging.format == .json
    try RemoteAgent.run(options) { context.console.message(Self.line($0, isJSON: isJSON) + "\n") }
  }

  private func configuration(_ context: Context) throws -> AgentConfiguration? {
    guard let config else { return nil }
    let text: String
    do { text = try TextFile.read(config) } catch {
      throw Problem(
        .invalid, "unreadable-file", "The configuration cannot be read: \(error).", remedy: "Name a file that can be.")
    }
    return try AgentConfigurationReader.read(
      text: Array(text.utf8), file: config, environment: context.environment)
  }

  /// Nil where the file is gone, as it may be once the token is spent.
  private func oneTimeToken(_ path: String) throws -> String? {
    do { return String(try TextFile.read(path).filter { !$0.isWhitespace }) } catch {
      if error.errno == ENOENT { return nil }
      throw Problem(
        .invalid, "unreadable-file", "The token's file cannot be read: \(error).", remedy: "Name a file that can be.")
    }
  }

  private struct Line: Encodable {
    var time, source, message: String
  }

  static func line(_ text: String, isJSON: Bool) -> String {
    guard isJSON,
      let bytes = try? JSONEncoder().encode(
        Line(time: Timestamp.now.description, source: "agent", message: text))
    else { return "virtcloud agent: \(text)" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
