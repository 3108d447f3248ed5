import Identity
import Quantities
import WebServer

/// How a service is set up.
public struct ServiceSettings: Sendable {
  /// Who leads.
  public struct Leadership: Hashable, Sendable {
    /// This controller does.
    public var isHere: Bool
    /// Base address of the one that does, `https://…` without a slash at the end; nil where nobody knows.
    public var leader: String?

    /// `leader` is nil where it is this controller, or nobody is known.
    public init(isHere: Bool, leader: String? = nil) { (self.isHere, self.leader) = (isHere, leader) }
  }

  /// Form of the access log on standard error.
  public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    case none, text, json
  }

  /// How long hosts' agents may take for what somebody waits for; seconds.
  public struct ErrandLimits: Hashable, Sendable {
    /// After the service began to lead: an agent that asks for no errands may still be on its way.
    public var grace = 10.0
    /// To read counters: hosts that take longer are left out.
    public var counters = 3.0
    /// To open a terminal.
    public var opening = 5.0
    /// Without a word of an agent that carries a terminal.
    public var silence = 10.0

    /// As above, unless it is said.
    public init() {}
  }

  /// Limits of terminals into machines.
  public struct TerminalLimits: Hashable, Sendable {
    /// Open at once by one user.
    public var ofOneUser = 8
    /// Open at once altogether.
    public var all = 64
    /// Without input or output before one is closed.
    public var idleSeconds = 900

    /// 8 of one user, 64 altogether, a quarter of an hour.
    public init() {}
  }

  /// Where it listens; none: the service answers nobody.
  public var listeners: [Listener] = []
  /// What clients may send, and how long they may take.
  public var limits = Limits()
  /// How often one user may ask, and one address from which nobody known comes; nil is as often as they like.
  public var requestsPerSecond: Int? = 1000
  /// Who is let in and with what rights.
  public var access = AccessSettings()
  /// Projects that the configuration names: they are as it says, whatever was changed while it ran.
  public var projects: [Project] = []
  /// Where notices of ends and failures go.
  public var notices = Notifier.Settings()
  /// Where projects and tokens are kept; nil keeps them as long as the process lives.
  public var records: (any AccessRecords)?
  /// What client certificates are verified by now; nil: nobody comes in by one.
  public var verifier: @Sendable () -> CertificateVerifier? = { nil }
  /// By what hosts are enrolled; nil: none can be.
  public var hostAuthority: CertificateAuthority?
  /// Of the program, as it is told.
  public var version = "0"
  /// JSON Schema of the service's own configuration; nil: there is none to show.
  public var schema: [UInt8]?
  /// The access log's form.
  public var log = LogFormat.text
  /// Threads for what takes long: reading files, drawing pictures.
  public var workers = 2
  /// How many there may be, and how long they may be idle.
  public var terminals = TerminalLimits()
  /// Seconds that a request may wait for something new, whatever it asks for.
  public var longestWait = 300.0
  /// How long errands of agents may take.
  public var errands = ErrandLimits()
  /// Controllers that agents may talk to, base addresses.
  public var controllers: [String] = []
  /// Who leads now.
  public var leadership: @Sendable () -> Leadership = { Leadership(isHere: true) }
  /// Ends the process, where `POST /v1/stop` may: nil refuses it.
  public var stop: (@Sendable () -> Void)?

  /// No listener, nobody comes in by certificate, tokens last as long as the process, and no host can be enrolled.
  public init() {}
}
