import Agent
import Infrastructure
import Planning
import Quantities

/// What agents and controllers say to each other, and in which version.
public enum AgentProtocol {
  /// Grows with every change of the documents below that an older side would not understand.
  public static let version = 1
  /// Versions that this program can speak.
  public static let supported = 1...1
}

/// `POST /v1/agents/enrol`: a one-time token for a certificate.
public struct EnrolmentRequest: Codable, Hashable, Sendable {
  /// The host that the token was issued for.
  public var host: Name
  /// The one-time token, `vce_…`.
  public var token: String
  /// PKCS#10, PEM.
  public var signingRequest: String
  /// What the agent speaks; refused where it is not among `AgentProtocol.supported`.
  public var protocolVersion: Int
  /// The agent's program version, for people.
  public var version: String

  /// `signingRequest` is PEM, and carries the host's own public key.
  public init(host: Name, token: String, signingRequest: String, protocolVersion: Int, version: String) {
    self.host = host
    self.token = token
    self.signingRequest = signingRequest
    self.protocolVersion = protocolVersion
    self.version = version
  }
}

/// `POST /v1/agents/{host}/renew`; an `EnrolmentRequest` is taken for one, too.
public struct RenewalRequest: Codable, Hashable, Sendable {
  /// PKCS#10, PEM.
  public var signingRequest: String

  /// `signingRequest` is PEM.
  public init(signingRequest: String) { self.signingRequest = signingRequest }
}

/// The answer to it, and to `POST /v1/agents/{host}/renew`.
public struct EnrolmentAnswer: Codable, Hashable, Sendable {
  /// PEM, leaf first.
  public var certificate: String
  /// PEM of the authority that signs controllers.
  public var authority: String
  /// Other controllers, too.
  public var controllers: [String]

  /// Certificates are PEM; `controllers` are base addresses, `https://…`.
  public init(certificate: String, authority: String, controllers: [String]) {
    self.certificate = certificate
    self.authority = authority
    self.controllers = controllers
  }
}

/// `GET /v1/agents/{host}/plans?after=GENERATION&wait=SECONDS`: answered when there is a newer plan, or after the wait.
public struct PlansDocument: Codable, Sendable {
  /// Whose plans they are.
  public var host: Name
  /// Of the plans; an agent never obeys an older one.
  public var generation: UInt64
  /// Absent: nothing is newer than what the agent has.
  public var plans: [HostPlan]?
  /// The end of each slice's lease, seconds since 1970, by the infrastructure's number: obeyed also when cut off.
  public var leaseEnds: [String: Int64]
  /// Slices whose machines the agent must stop when it has heard of no controller for that many seconds, for they
  /// are restarted elsewhere then: by the infrastructure's number.
  public var fences: [String: Int64]
  /// How long the agent may wait before it asks again, seconds.
  public var poll: Int64
  /// The controller's clock, seconds since 1970.
  public var time: Int64

  /// `poll` is in seconds, `time` in seconds since 1970.
  public init(
    host: Name, generation: UInt64, plans: [HostPlan]?, leaseEnds: [String: Int64] = [:],
    fences: [String: Int64] = [:], poll: Int64, time: Int64
  ) {
    self.host = host
    self.generation = generation
    self.plans = plans
    self.leaseEnds = leaseEnds
    self.fences = fences
    self.poll = poll
    self.time = time
  }
}

/// `POST /v1/agents/{host}/reports`.
public struct AgentReport: Codable, Sendable {
  /// The host that reports; another than the certificate's is refused.
  public var host: Name
  /// Of the plans that were applied, or tried.
  public var generation: UInt64
  /// What became of the plans, one for each device.
  public var reports: [HostReport]
  /// What failed of single infrastructures, by number.
  public var failures: [String: Problem]
  /// What single routers did not take, by the infrastructure's number.
  public var warnings: [String: [Problem]]
  /// Process ids of machines' inits by infrastructure number and machine key.
  public var running: [String: [String: Int32]]
  /// What failed for the host as a whole.
  public var problem: Problem?

  /// A report in which nothing failed, unless it is said.
  public init(
    host: Name, generation: UInt64, reports: [HostReport] = [], failures: [String: Problem] = [:],
    warnings: [String: [Problem]] = [:], running: [String: [String: Int32]] = [:], problem: Problem? = nil
  ) {
    self.host = host
    self.generation = generation
    self.reports = reports
    self.failures = failures
    self.warnings = warnings
    self.running = running
    self.problem = problem
  }
}
