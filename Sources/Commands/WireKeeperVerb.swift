import CommandLine
import Controller
import Wires

/// `virtcloud wire-keeper`: what the agent starts so that encrypted wires run.
struct WireKeeperVerb: Command {
  static let about = About(
    "wire-keeper", "Run the encrypted wires of this installation until none is wanted.", isHidden: true)

  var installation = InstallationOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "run encrypted wires")
    try TunnelKeeper.run(TunnelPlaces(runDirectory: try installation.installation().runDirectory))
  }
}
