import API
import Quantities
import WebClient

/// Asks for errands without end, on a thread of its own, and does them one after the other.
final class ErrandPoller: Sendable {
  /// Seconds that a controller may keep the agent waiting: an idle agent costs one request in that time.
  private static let wait: Int64 = 60
  /// Seconds until a controller that does not know errands is asked again: it may have been replaced.
  private static let rest = 60

  private let circle: ControllerCircle
  private let requests: AgentRequests
  private let runner: ErrandRunner
  private let log: AgentLog
  private let stopping: Bell
  private let interrupt: Interrupt
  /// Names this process: what another one had open is gone.
  private let life = String(UInt64.random(in: .min ... .max), radix: 36)

  init(
    _ circle: ControllerCircle, _ requests: AgentRequests, _ runner: ErrandRunner, log: AgentLog, stopping: Bell,
    interrupt: Interrupt
  ) {
    (self.circle, self.requests, self.runner) = (circle, requests, runner)
    (self.log, self.stopping, self.interrupt) = (log, stopping, interrupt)
  }

  /// The thread's life.
  func run() {
    var backoff = Backoff()
    while !interrupt.isFired {
      do {
        let answer = try circle.send(requests.errands(life: life, wait: Self.wait), interrupt: interrupt)
        let document = try AgentRequests.decode(ErrandsDocument.self, answer)
        guard document.host == requests.host, document.errands.count <= ErrandsDocument.most else {
          throw ErrandRunner.unusable("the answer is for host \(document.host), or far too long")
        }
        backoff.reset()
        log.say("errands", nil)
        for errand in document.errands { try work(errand) }
        // A controller that answers at once all the time must not make the agent ask all the time.
        if document.errands.isEmpty { stopping.wait(milliseconds: 250) }
      } catch {
        guard !interrupt.isFired else { return }
        stopping.wait(milliseconds: pause(after: error, &backoff))
      }
    }
  }

  private func work(_ errand: Errand) throws {
    // It stands in the answer's path.
    guard Errand.isID(errand.id) else { throw ErrandRunner.unusable("'\(errand.id.excerpt)' names none") }
    let answer = runner.run(errand)
    if let problem = answer.problem { log.say("errand", problem.words) } else { log.say("errand", nil) }
    do {
      _ = try circle.send(try requests.answer(errand.id, answer), interrupt: interrupt)
    } catch let refusal as Refusal where refusal.isFinal {
      // Nobody waits for it any more.
      runner.terminals.end(errand.id)
    } catch {
      runner.terminals.end(errand.id)
      throw error
    }
  }

  /// Milliseconds. That no controller answers is told by who fetches plans.
  private func pause(after error: any Error, _ backoff: inout Backoff) -> Int {
    if let refusal = error as? Refusal, refusal.isFinal {
      let isOld = refusal.problem.code.hasPrefix("no-such-")
      let words = "no errands are done here, such as terminals and counters"
      log.say("errands", "\(words): \(isOld ? "the controller knows none" : refusal.problem.words)")
      return Self.rest * 1000
    }
    if let problem = error as? Problem, problem.code == "errand-unusable" { log.say("errands", problem.words) }
    return backoff.next(longest: 15)
  }
}
