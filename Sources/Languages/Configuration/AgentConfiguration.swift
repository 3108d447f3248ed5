import Quantities

/// What an operator sets for `virtcloud agent`, in the language of docs/operating.md. Paths are absolute.
public struct AgentConfiguration: Hashable, Sendable {
  /// `https` addresses; the agent keeps to the first that answers. Empty where the command line names them.
  public var controllers: [String] = []
  /// The host in the substrate; nil is the machine's host name.
  public var name: Name?
  /// File with the one-time token for the first contact; looked for only until the host has its certificate.
  public var tokenFile: String?
  /// PEM file of the authority that signed the controllers' certificates; nil is the one that the token names.
  public var authority: String?
  /// The interface towards the site's switch; nil where the plan's networks stay on this machine.
  public var trunk: String?
  public var stateDirectory = "/var/lib/virtcloud"
  public var logging = Logging()

  public init() {}
}
