import API
import Quantities
import Synchronization
import WebClient

/// Asks for plans without end, on a thread of its own: each request is also the agent's sign of life, so that it must
/// not wait for an apply.
final class PlanPoller: Sendable {
  /// What has come since it was looked for last.
  struct News: Sendable {
    /// The newest plans; nil where only signs of life came.
    var document: PlansDocument?
    /// When they came.
    var arrived: HostMoment
    /// When the last request that was answered was sent.
    var contact: HostMoment
  }

  private struct State {
    var news: News?
    /// Of the newest plans that came.
    var generation: UInt64
    /// Seconds that a controller may keep the agent waiting.
    var wait: Int64 = 30
    /// The shortest fence in force, seconds.
    var fence: Int64?
  }
  private let state: Mutex<State>
  private let circle: ControllerCircle
  private let requests: AgentRequests
  private let clock: HostClock
  private let log: AgentLog
  private let bell: Bell
  private let stopping: Bell
  private let interrupt: Interrupt

  /// - Parameters:
  ///   - generation: Of the plans that are known.
  ///   - bell: Rung when there is news.
  ///   - stopping: Rung when it is to end, with `interrupt`.
  init(
    _ circle: ControllerCircle, _ requests: AgentRequests, clock: HostClock, log: AgentLog, after generation: UInt64,
    fence: Int64?, bell: Bell, stopping: Bell, interrupt: Interrupt
  ) {
    self.circle = circle
    self.requests = requests
    self.clock = clock
    self.log = log
    self.bell = bell
    self.stopping = stopping
    self.interrupt = interrupt
    state = Mutex(State(generation: generation, fence: fence))
  }

  func take() -> News? {
    state.withLock { state in
      defer { state.news = nil }
      return state.news
    }
  }

  /// The thread's life.
  func run() {
    var backoff = Backoff()
    // The first answer after a silence tells at once that somebody is there.
    var isKnown = false
    var failures = 0
    while !interrupt.isFired {
      let (generation, wait, fence) = state.withLock { ($0.generation, isKnown ? $0.wait : 0, $0.fence) }
      let grace = fence.map { max(2, min(10, $0 / 3)) } ?? 10
      let sent = clock.now()
      do {
        let request = requests.plans(after: generation, wait: wait, grace: grace)
        let answer = try circle.send(request, interrupt: interrupt)
        let document = try AgentRequests.decode(PlansDocument.self, answer)
        note(document, sent: sent)
        (isKnown, failures) = (true, 0)
        backoff.reset()
        log.say("controller", nil)
        pace(document, wait: wait, since: sent)
      } catch {
        guard !interrupt.isFired else { return }
        isKnown = false
        failures += 1
        let now = clock.now()
        log.say("controller", ConnectionProblem.plain(error, now).words)
        // Every controller gets its chance before anybody waits.
        let isRoundOver = failures % max(1, circle.count) == 0
        guard isRoundOver || error is Problem == false else { continue }
        let longest = fence.map { max(0.5, min(30, Double($0) / 4)) } ?? 30
        let asked = (error as? Refusal)?.retryAfter.map { $0 * 1000 } ?? 0
        stopping.wait(milliseconds: max(backoff.next(longest: longest), min(asked, Int(longest * 1000))))
      }
    }
  }

  private func note(_ document: PlansDocument, sent: HostMoment) {
    let arrived = clock.now()
    state.withLock { state in
      if document.plans != nil { state.generation = max(state.generation, document.generation) }
      state.fence = document.fences.isEmpty && document.plans == nil ? state.fence : document.fences.values.min()
      // The agent must be heard of well before a fence passes.
      state.wait = max(1, min(document.poll, 60, state.fence.map { $0 / 3 } ?? 60))
      let hasMore = document.plans != nil || !document.leaseEnds.isEmpty || !document.fences.isEmpty
      let kept = hasMore ? (document, arrived) : state.news.flatMap { news in news.document.map { ($0, news.arrived) } }
      state.news = News(document: kept?.0, arrived: kept?.1 ?? arrived, contact: sent)
    }
    bell.ring()
  }

  /// A controller that answers at once all the time must not make the agent ask all the time.
  private func pace(_ document: PlansDocument, wait: Int64, since sent: HostMoment) {
    let taken = (clock.now().elapsed(since: sent) ?? 0) / 1_000_000
    let least: Int64 = document.plans != nil || wait == 0 ? 50 : min(1000, wait * 1000)
    if taken < least { stopping.wait(milliseconds: Int(least - taken)) }
  }
}
