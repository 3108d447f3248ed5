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

    public init(isHere: Bool, leader: String? = nil) { (self.isHere, self.leader) = (isHere, leader) }
  }

  /// Form of the access log on standard error.
  public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    case none, text, json
  }

  /// Limits of terminals into machines.
  public struct TerminalLimits: Hashable, Sendable {
    public var ofOneUser = 8
    public var all = 64
    public var idleSeconds = 900

    public init() {}
  }

  public var listeners: [Listener] = []
  public var limits = Limits()
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
  public var version = "0"
  /// JSON Schema of the service's own configuration; nil: there is none to show.
  public var schema: [UInt8]?
  public var log = LogFormat.text
  /// Threads for what takes long: reading files, drawing pictures.
  public var workers = 2
  public var terminals = TerminalLimits()
  /// Seconds that a request may wait for something new, whatever it asks for.
  public var longestWait = 300.0
  /// Seconds after the service began to lead in which an agent that asks for no errands may still be on its way.
  public var errandGrace = 10.0
  /// Controllers that agents may talk to, base addresses.
  public var controllers: [String] = []
  /// Who leads now.
  public var leadership: @Sendable () -> Leadership = { Leadership(isHere: true) }
  /// Ends the process, where `POST /v1/stop` may: nil refuses it.
  public var stop: (@Sendable () -> Void)?

  public init() {}
}
