import Quantities

/// What an operator sets for `virtcloud serve`, in the language of docs/operating.md. Without a file everything has
/// the values of `init()`, and the service answers on its Unix socket only.
///
/// Paths are absolute. Files were there and could be read when the configuration was.
public struct ServiceConfiguration: Hashable, Sendable {
  /// This controller among the others of the site; nil is the machine's host name.
  public var name: Name?
  /// Where users and agents reach it, such as `https://cloud.example.org:7743`; nil is its first listen address.
  public var url: String?
  /// Where it listens for HTTPS; none is the Unix socket only.
  public var listen: [ListenAddress] = []
  public var socket = LocalSocket()
  public var stateDirectory = "/var/lib/virtcloud"
  public var store = StoreChoice.sqlite
  public var credentials = Credentials.own(names: [])
  /// PEM files of authorities whose client certificates are accepted beside those of the controller's own.
  public var trust: [String] = []
  /// PEM files of certificate revocation lists (RFC 5280, section 5).
  public var revocationLists: [String] = []
  public var access = AccessRules()
  /// In the order of the file; names are unique.
  public var projects: [ProjectRule] = []
  public var agents = AgentTimes()
  public var limits = RequestLimits()
  public var notices = Notices()
  public var logging = Logging()
  /// Whether the service is also the agent of this machine.
  public var hasLocalAgent = true

  public init() {}
}

/// An address and port of the Internet.
public struct ListenAddress: Hashable, Sendable {
  /// `::` is every address, of IPv4 too.
  public var address: IPAddress
  /// 0 is any free one.
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension ServiceConfiguration {
  /// The Unix socket on which users of this machine are known by their credentials.
  public struct LocalSocket: Hashable, Sendable {
    /// At most 107 bytes (unix(7)).
    public var path = "/run/virtcloud/control.socket"
    /// Who may connect: bits of `chmod(2)`.
    public var mode: UInt16 = 0o666

    public init() {}
  }

  /// Where infrastructures, users and plans are kept.
  public enum StoreChoice: Hashable, Sendable {
    /// In the state directory, by one controller.
    case sqlite
    /// In etcd, by several.
    case etcd(EtcdStore)
  }

  /// An etcd cluster and how it is spoken to.
  public struct EtcdStore: Hashable, Sendable {
    /// `http` or `https` addresses of members, at least one.
    public var endpoints: [String]
    /// PEM file of the authority that signed the members' certificates; nil is the system's.
    public var authority: String?
    public var identity: CertificateFiles?
    /// What every key begins with.
    public var prefix = "/virtcloud/"

    public init(endpoints: [String]) { self.endpoints = endpoints }
  }

  /// A certificate and its key, PEM files.
  public struct CertificateFiles: Hashable, Sendable {
    public var certificate: String
    public var key: String

    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// How the service proves who it is.
  public enum Credentials: Hashable, Sendable {
    /// By a certificate of its own authority for these host names and addresses beside its own; renewed by itself.
    case own(names: [String])
    case files(CertificateFiles)
  }
}
