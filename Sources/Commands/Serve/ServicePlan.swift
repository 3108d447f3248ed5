import Controller
import Languages
import Linux
import Quantities
import Service
import Store
import WebServer

/// Everything that a service is set up with, made of a configuration.
struct ServicePlan {
  var installation: Installation
  var settings: ServiceSettings
  var engine: Cloud.Settings
  private var configuration: ServiceConfiguration?

  /// A site's controller.
  init(configuration: ServiceConfiguration) throws {
    try self.init(local: Installation(stateDirectory: configuration.stateDirectory))
    self.configuration = configuration
  }

  /// This machine alone: a Unix socket, whose users are known by their credentials.
  init(local installation: Installation) throws {
    self.installation = installation
    settings = ServiceSettings()
    settings.version = Version.current
    settings.listeners = [.unix(path: LocalService(installation).socketPath, mode: 0o666)]
    settings.stop = { ServiceSignals.end() }
    settings.log = .none
    engine = Cloud.Settings()
  }

  /// The store of one's own choice; nil is the installation's.
  func openStore() throws -> (any Store)? { nil }

  /// By what the service shows who it is; nil where it shows nothing.
  func identity() throws -> TLSIdentity? { nil }

  /// Where it answers, for people.
  func addresses(_ ports: [UInt16]) -> [String] {
    zip(settings.listeners, ports).map { listener, port in
      switch listener {
      case .unix(let path, _): path
      case .tcp(let address, _, let tls): "\(tls == nil ? "http" : "https")://\(address):\(port)"
      case .inherited(let descriptor, _): port == 0 ? "descriptor \(descriptor)" : "port \(port)"
      }
    }
  }
}
