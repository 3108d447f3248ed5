import Client
import CommandLine
import Controller
import Quantities

/// Which controller a verb talks to: that of this machine's installation, or one at a URL.
struct CloudOptions: ParameterGroup {
  @Option(value: "DIR", help: "where what must survive is kept (default: /var/lib/virtcloud)", completion: .directory)
  var state: String?
  @Option(value: "URL", help: "the controller's address; several are tried in turn (default: this machine's)")
  var controller: [String] = []
  @Option(value: "TOKEN", help: "bearer token for the controller; better in the environment or a file")
  var token: String?
  @Option(value: "FILE", help: "file with the token, which nobody else may read", completion: .file())
  var tokenFile: String?
  @Option(value: "FILE", help: "certificate to show to the controller, PEM", completion: .file())
  var certificate: String?
  @Option(value: "FILE", help: "the certificate's private key, PEM", completion: .file())
  var key: String?
  @Option(value: "FILE", help: "who must have signed the controller's certificate, PEM", completion: .file())
  var ca: String?

  /// The same as a value.
  var access: CloudAccess {
    CloudAccess(
      state: state, controllers: controller, token: token, tokenFile: tokenFile, certificate: certificate, key: key,
      authority: ca)
  }

  func installation() throws -> Installation { try access.installation() }

  /// A client that a running controller answers, or one that is started here; see `CloudAccess.client`.
  func client(for purpose: String, _ context: Context, _ output: OutputOptions) throws -> CloudClient {
    try access.client(for: purpose, autostart: Self.startsByItself(context)) { context.say($0, output) }
  }

  /// Nothing was ever kept at this machine, and so there is nothing to be ended; only root may know.
  func isEmpty(for purpose: String) throws -> Bool {
    guard !access.isRemote, try installation().isEmpty, try !LocalService(installation()).lives() else { return false }
    try Installation.requireRoot(for: purpose)
    return true
  }

  /// Who answers questions; see `CloudAccess.reader`.
  func reader() throws -> any CloudReading { try access.reader() }

  /// `VIRTCLOUD_AUTOSTART=0` starts no service.
  private static func startsByItself(_ context: Context) -> Bool { context.environment["VIRTCLOUD_AUTOSTART"] != "0" }
}
