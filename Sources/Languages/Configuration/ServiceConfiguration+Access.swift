import Quantities

extension ServiceConfiguration {
  /// What a person may do; each may what those before may.
  public enum Role: String, CaseIterable, Hashable, Sendable {
    case none, viewer, user, `operator`, administrator
  }

  /// Who has which role. A user has the highest of those that apply; root of this machine is administrator.
  public struct AccessRules: Hashable, Sendable {
    /// Of users of this machine, over the Unix socket.
    public var localUsers = Role.user
    /// Of whom nothing is known: `none` or `viewer`.
    public var anonymous = Role.none
    public var users: [String: Role] = [:]
    public var groups: [String: Role] = [:]
    /// The first that fits a certificate says whose it is; no rule fits: the certificate is refused.
    public var certificates: [CertificateRule] = []

    public init() {}
  }

  /// Whose a client certificate is (a grid map).
  public struct CertificateRule: Hashable, Sendable {
    /// A subject as RFC 4514 or OpenSSL's one-line form writes it; `*` stands for any text.
    public var subject: String
    /// Likewise; nil is any trusted issuer.
    public var issuer: String?
    public var user: String
    public var groups: [String] = []

    public init(subject: String, user: String) {
      self.subject = subject
      self.user = user
    }
  }

  /// People who share what they have, and how much they may have.
  public struct ProjectRule: Hashable, Sendable {
    public var name: Name
    public var users: [String] = []
    public var groups: [String] = []
    public var quota = Quota()

    public init(name: Name) { self.name = name }
  }

  /// The most that may be reserved at any one time; nil is not limited.
  public struct Quota: Hashable, Sendable {
    public var infrastructures: Int?
    public var nodes: Int?
    public var cpu: Cores?
    public var memory: ByteCount?
    public var storage: ByteCount?
    /// Sum over all networks.
    public var rate: Bitrate?
    public var vlans: Int?
    /// The longest lease.
    public var lease: Duration?
    /// Infrastructures for which counter-offers are held at once.
    public var offers: Int?

    public init() {}
  }
}
