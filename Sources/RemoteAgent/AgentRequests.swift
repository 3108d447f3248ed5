import API
import FoundationEssentials
import Quantities
import WebClient

/// The requests of the agents' protocol, and their answers.
struct AgentRequests: Sendable {
  let host: Name
  /// Of the program.
  let version: String

  private var headers: [WebHeader] {
    [
      WebHeader("Accept", "application/json"), WebHeader("Content-Type", "application/json"),
      WebHeader("User-Agent", "virtcloud-agent/\(version)"),
      WebHeader("VirtCloud-Agent-Version", version),
      WebHeader("VirtCloud-Agent-Protocol", "\(AgentProtocol.version)"),
    ]
  }

  func enrol(token: String, signingRequest: String) throws -> WebRequest {
    let enrolment = EnrolmentRequest(
      host: host, token: token, signingRequest: signingRequest, protocolVersion: AgentProtocol.version,
      version: version)
    return try request("POST", "/v1/agents/enrol", enrolment, timeout: .seconds(30))
  }

  func renew(signingRequest: String) throws -> WebRequest {
    try request(
      "POST", "/v1/agents/\(host)/renew", RenewalRequest(signingRequest: signingRequest), timeout: .seconds(30))
  }

  /// - Parameters:
  ///   - wait: Seconds that the controller may take where nothing is newer.
  ///   - grace: Seconds beyond that in which the answer has to be here.
  func plans(after generation: UInt64, wait: Int64, grace: Int64) -> WebRequest {
    WebRequest(
      "GET", "/v1/agents/\(host)/plans?after=\(generation)&wait=\(wait)", headers: headers,
      timeout: .seconds(wait + grace))
  }

  func report(_ report: AgentReport) throws -> WebRequest {
    try request("POST", "/v1/agents/\(host)/reports", report, timeout: .seconds(30))
  }

  private func request(
    _ method: String, _ path: String, _ body: some Encodable, timeout: Duration
  ) throws -> WebRequest {
    WebRequest(method, path, headers: headers, body: Array(try JSONEncoder().encode(body)), timeout: timeout)
  }

  /// Reads an answer. Throws `protocol-mismatch` where it is something else.
  static func decode<Value: Decodable>(_ type: Value.Type, _ response: WebResponse) throws(Problem) -> Value {
    do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
      throw Problem(
        .failed, "protocol-mismatch",
        "The controller's answer cannot be read: this agent speaks version \(AgentProtocol.version) of the protocol.",
        remedy: "Install the same version of VirtCloud on controllers and hosts.")
    }
  }
}
