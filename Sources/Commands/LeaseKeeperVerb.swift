import CommandLine
import Controller

/// `virtcloud lease-keeper`: what `up` starts so that leases end on time.
struct LeaseKeeperVerb: Command {
  static let about = About(
    "lease-keeper", "Wait for leases to end and end their infrastructures.", isHidden: true)

  var installation = InstallationOptions()

  func run(_ context: Context) async throws {
    try Installation.requireRoot(for: "keep leases")
    try LeaseKeeper.run(try installation.installation())
  }
}
