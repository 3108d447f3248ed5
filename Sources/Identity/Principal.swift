import Quantities

/// Somebody whose identity has been proved, and how.
public struct Principal: Hashable, Codable, Sendable {
  /// How an identity was proved.
  public enum Origin: Hashable, Codable, Sendable {
    /// By the credentials of a Unix socket's peer (`SO_PEERCRED`, `unix(7)`).
    case socket(uid: UInt32, gid: UInt32)
    /// By a client certificate: names in the text form of RFC 4514, SHA-256 of the DER form in lower-case hex.
    case certificate(subject: String, issuer: String, fingerprint: String)
    /// By a bearer token.
    case token(id: String)
    /// By the certificate of a host's agent.
    case agent(host: Name)
  }

  /// Name by which rules and records know them.
  public var user: UserName
  /// Of the local account, of the rule for the certificate, or of when the token was issued.
  public var groups: Set<Name>
  /// How the identity was proved.
  public var origin: Origin
  /// What is left of the user's rights here.
  public var scopes: Set<Scope>
  /// The local account behind the socket, or behind the token that was issued over it; nil for other people.
  public var uid: UInt32?

  /// `uid` is taken from a socket's credentials where it is not given.
  public init(
    user: UserName, groups: Set<Name> = [], origin: Origin, scopes: Set<Scope> = Scope.all, uid: UInt32? = nil
  ) {
    self.user = user
    self.groups = groups
    self.origin = origin
    self.scopes = scopes
    if case .socket(let peer, _) = origin { self.uid = uid ?? peer } else { self.uid = uid }
  }

  /// The agent of a host.
  public init(agentOf host: Name) {
    self.init(user: UserName(agentOf: host), origin: .agent(host: host))
  }

  /// The host whose agent this is; nil for people.
  public var agentHost: Name? {
    if case .agent(let host) = origin { host } else { nil }
  }
}

extension Principal.Origin: CustomStringConvertible {
  /// `socket`, `certificate`, `token` or `agent`.
  public var kind: String {
    switch self {
    case .socket: "socket"
    case .certificate: "certificate"
    case .token: "token"
    case .agent: "agent"
    }
  }

  /// For logs, one line: `socket of uid 1000`, `token 0123456789abcdef`.
  public var description: String {
    switch self {
    case .socket(let uid, _): "socket of uid \(uid)"
    case .certificate(let subject, let issuer, let fingerprint):
      "certificate \(fingerprint) of \(subject) by \(issuer)"
    case .token(let id): "token \(id)"
    case .agent(let host): "agent of host \(host)"
    }
  }
}
