import Controller
import Quantities

/// How an agent is started.
public struct AgentOptions: Sendable {
  /// Its marks, and where it keeps what must survive.
  public var installation: Installation
  /// What the substrate calls this host; nil is what it was enrolled as, else the machine's name.
  public var host: Name?
  /// `https://HOST:PORT`; empty is those that it was enrolled with.
  public var controllers: [String]
  /// The one-time token of `virtcloud host enrol`; not needed again.
  public var token: String?
  /// Who must have signed the controllers' certificates; needed with the token, where that does not name it.
  public var trust: Trust?
  /// The interface towards the site's switch; nil is the one that the substrate names.
  public var trunk: String?
  /// Of the program.
  public var version: String

  /// How an agent knows at its first contact that it speaks with the right controller.
  public enum Trust: Hashable, Sendable {
    /// A PEM file with the authority's certificate.
    case file(String)
    /// SHA-256 of the authority's certificate, hexadecimal.
    case fingerprint(String)
  }

  /// A token `TOKEN@FINGERPRINT` is taken apart; `trust` goes before that fingerprint.
  public init(
    installation: Installation, host: Name? = nil, controllers: [String] = [], token: String? = nil,
    trust: Trust? = nil, trunk: String? = nil, version: String
  ) {
    self.installation = installation
    self.host = host
    self.controllers = controllers
    // A token may name the authority's fingerprint after an '@'.
    let parts = (token ?? "").split(separator: "@", omittingEmptySubsequences: false)
    self.token = parts.count == 2 ? String(parts[0]) : token
    self.trust = trust ?? (parts.count == 2 ? .fingerprint(String(parts[1])) : nil)
    self.trunk = trunk
    self.version = version
  }
}
