import API
import Controller
import Cryptography
import Identity
import Quantities
import WebClient

/// How a host joins a cloud: a one-time token for a certificate of its own.
struct Enrolment {
  let options: AgentOptions
  let places: AgentPlaces
  let clock: HostClock

  /// What the host was enrolled with; enrols it first where that is to be done.
  ///
  /// A token is used only where there is no certificate that is still valid: the same command line starts the agent
  /// again and again.
  func credentials() throws -> Credentials {
    let now = Timestamp(seconds: clock.now().wall)
    if var present = try Credentials.read(places) {
      if let host = options.host, host != present.host {
        throw Problem(
          .invalid, "enrolled-otherwise", "This machine is enrolled as host \(present.host), not as \(host).",
          remedy: "Leave '--name' out, or give another '--state' directory.")
      }
      if !options.controllers.isEmpty { present.controllers = options.controllers }
      let isOver = now >= present.certificate.validity.upperBound
      guard isOver, options.token != nil else {
        try present.certificate.check(at: now, of: "the certificate of host \(present.host)")
        return present
      }
    }
    return try enrol(at: now)
  }

  private func enrol(at now: Timestamp) throws -> Credentials {
    guard let token = options.token, !options.controllers.isEmpty else {
      throw Problem(
        .invalid, "not-enrolled", "This machine is not enrolled with a controller.",
        remedy: "Run 'virtcloud host enrol HOST' on a controller, and the command that it prints here.")
    }
    let host = options.host ?? ThisMachine.name
    let authority = try FirstContact(options).authority()
    let key = try key()
    let requests = AgentRequests(host: host, version: options.version)
    let circle = try ControllerCircle(options.controllers, ClientTLS(authority: .pem(authority)))
    let request = try requests.enrol(
      token: token, signingRequest: try CertificateRequest.make(for: key, commonName: "\(host)").pem)
    let answer = try AgentRequests.decode(EnrolmentAnswer.self, ask(circle, request))
    let certificate = try HostCertificate(pem: answer.certificate)
    let others = answer.controllers.filter { !options.controllers.contains($0) }
    let credentials = Credentials(
      host: host, controllers: options.controllers + others, key: try key.pem(), certificate: certificate,
      authority: authority)
    // The token is spent: what it brought is kept even if the clocks have to be set first.
    try credentials.write(places)
    try certificate.check(at: now, of: "the certificate that the controller has just made for host \(host)")
    return credentials
  }

  /// One that a broken enrolment left is used, so that the controller sees the same host again.
  private func key() throws -> PrivateKey {
    if let bytes = try DurableFile.read(places.key) {
      return try PrivateKey(pem: String(decoding: bytes, as: UTF8.self))
    }
    let key = try PrivateKey.make()
    try DurableFile.write(Array(try key.pem().utf8), to: places.key)
    return key
  }

  /// Each controller once.
  private func ask(_ circle: ControllerCircle, _ request: WebRequest) throws -> WebResponse {
    for _ in 1..<max(1, circle.count) {
      do { return try circle.send(request, interrupt: nil) } catch {
        if let refusal = error as? Refusal, refusal.status < 500 { throw refusal.problem }
      }
    }
    do { return try circle.send(request, interrupt: nil) } catch { throw ConnectionProblem.plain(error, clock.now()) }
  }
}

/// What goes wrong on the way to a controller, with this machine's clock where clocks may be the reason.
enum ConnectionProblem {
  static func plain(_ error: any Error, _ now: HostMoment) -> Problem {
    if let refusal = error as? Refusal { return refusal.problem }
    guard var problem = error as? Problem else {
      return Problem(
        .failed, "agent-failed", "The agent failed: \(error).", remedy: "Look at the machine's log; start it again.")
    }
    if problem.code == "server-certificate-expired" {
      problem.code = "clock-off"
      problem.message = problem.message.dropLast() + "; this machine's clock says \(Timestamp(seconds: now.wall))."
    }
    return problem
  }
}
