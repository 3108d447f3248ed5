import CommandLine
import Controller

/// `virtcloud stop`.
struct StopVerb: Command {
  static let about = About(
    "stop", "End this machine's service; machines and networks stay, and are found again by the next command.")

  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "end the service")
    let wasRunning = try LocalService(try installation.installation()).stop()
    context.say(wasRunning ? "the service has ended; machines and networks stay" : "no service runs", output)
  }
}
