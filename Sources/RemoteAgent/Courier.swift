import API
import Cryptography
import Identity
import Quantities
import Synchronization
import WebClient

/// Carries reports to the controllers, and has the certificate renewed, on a thread of its own.
final class Courier: Sendable {
  private let circle: ControllerCircle
  private let requests: AgentRequests
  private let clock: HostClock
  private let log: AgentLog
  private let places: AgentPlaces
  private let credentials: Mutex<Credentials>
  private let bell: Bell
  private let outbox: Mailbox<AgentReport>
  private let stopping: Bell
  private let interrupt: Interrupt

  init(
    _ circle: ControllerCircle, _ requests: AgentRequests, _ credentials: Credentials, _ places: AgentPlaces,
    clock: HostClock, log: AgentLog, stopping: Bell, interrupt: Interrupt
  ) throws {
    self.circle = circle
    self.requests = requests
    self.clock = clock
    self.log = log
    self.places = places
    self.credentials = Mutex(credentials)
    self.stopping = stopping
    self.interrupt = interrupt
    bell = try Bell()
    outbox = Mailbox(bell)
  }

  /// Sends a report as soon as somebody takes it; one that has not gone yet is forgotten: each tells everything.
  func send(_ report: AgentReport) { outbox.put(report) }

  /// Makes the thread look up, as to end.
  func wake() { bell.ring() }

  /// The thread's life.
  func run() {
    var backoff = Backoff()
    while !interrupt.isFired {
      bell.wait(milliseconds: untilRenewal)
      bell.silence()
      guard !interrupt.isFired else { return }
      let isDone = deliver() && renew()
      if isDone {
        backoff.reset()
      } else {
        stopping.wait(milliseconds: backoff.next(longest: 30))
      }
    }
  }

  /// At most a minute: somebody may set the clock.
  private var untilRenewal: Int {
    let left = credentials.withLock { $0.certificate.renewal.seconds } - clock.now().wall
    return Int(max(0, min(left, 60))) * 1000
  }

  /// False where it has to be tried again.
  private func deliver() -> Bool {
    guard let report = outbox.take() else { return true }
    do {
      _ = try circle.send(try requests.report(report), interrupt: interrupt)
      log.say("report", nil)
      return true
    } catch {
      if interrupt.isFired { return true }
      let isFinal = (error as? Refusal)?.isFinal ?? false
      log.say("report", "report not delivered: \(ConnectionProblem.plain(error, clock.now()).words)")
      if !isFinal {
        outbox.putBack(report)
        bell.ring()
      }
      return isFinal
    }
  }

  private func renew() -> Bool {
    var present = credentials.withLock { $0 }
    guard clock.now().wall >= present.certificate.renewal.seconds else { return true }
    do {
      let request = try CertificateRequest.make(for: PrivateKey(pem: present.key), commonName: "\(present.host)")
      let response = try circle.send(try requests.renew(signingRequest: request.pem), interrupt: interrupt)
      let answer = try AgentRequests.decode(EnrolmentAnswer.self, response)
      present.certificate = try HostCertificate(pem: answer.certificate)
      present.controllers += answer.controllers.filter { !present.controllers.contains($0) }
      try present.certificate.check(
        at: Timestamp(seconds: clock.now().wall), of: "the renewed certificate of host \(present.host)")
      try present.write(places)
      try circle.use(present.controllers, present.tls)
      credentials.withLock { $0 = present }
      log.say("renewal", "the certificate was renewed; it is valid until \(present.certificate.validity.upperBound)")
      return true
    } catch {
      if interrupt.isFired { return true }
      log.say("renewal", "the certificate was not renewed: \(ConnectionProblem.plain(error, clock.now()).words)")
      return false
    }
  }
}
