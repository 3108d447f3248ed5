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

  /// - Parameters:
  ///   - life: Names this process.
  ///   - wait: Seconds that the controller may take where there is nothing to do.
  func errands(life: String, wait: Int64) -> WebRequest {
    WebRequest(
      "GET", "/v1/agents/\(host)/errands?life=\(life)&wait=\(wait)", headers: headers, timeout: .seconds(wait + 10))
  }

  func answer(_ id: String, _ answer: ErrandAnswer) throws -> WebRequest {
    try request("POST", "/v1/agents/\(host)/errands/\(id)", answer, timeout: .seconds(10))
  }

  /// - Parameters:
  ///   - after: Octets that were typed already.
  ///   - sizes: Changes of the size that are known.
  func input(of id: String, after: Int, sizes: Int, wait: Int64) -> WebRequest {
    WebRequest(
      "GET", "/v1/agents/\(host)/terminals/\(id)/input?after=\(after)&sizes=\(sizes)&wait=\(wait)",
      headers: headers, timeout: .seconds(wait + 5))
  }

  /// - Parameter after: Octets that were sent before.
  func output(of id: String, _ bytes: [UInt8], after: Int) -> WebRequest {
    let headers = headers.filter { $0.name != "Content-Type" } + [WebHeader("Content-Type", "application/octet-stream")]
    return WebRequest(
      "POST", "/v1/agents/\(host)/terminals/\(id)/output?after=\(after)", headers: headers, body: bytes,
      timeout: .seconds(10))
  }

  func exit(of id: String, status: Int32) throws -> WebRequest {
    try request("POST", "/v1/agents/\(host)/terminals/\(id)/exit", TerminalExit(status: status), timeout: .seconds(5))
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
