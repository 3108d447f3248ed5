import API
import Agent
import Controller
import Planning
import Quantities
import Store

/// Keeps one host as its controller said last, and no longer than it said.
///
/// Used by one thread.
final class HostKeeper {
  private let places: AgentPlaces
  private let agent: Agent
  private let clock: HostClock
  private let host: Name
  /// The interface towards the site's switch, where it is not as the substrate says.
  private let trunk: String?
  private let log: AgentLog
  /// The last generation that was applied here, by the marks in the kernel.
  private let floor: UInt64
  private(set) var kept: KeptPlans?
  private var contact: HostMoment?
  private var applied: Applied?
  /// What stands here now, for other threads.
  let work = HostWork()
  /// Not before this, in nanoseconds of the boot clock.
  private var retry: Int64 = 0
  private var backoff = Backoff()

  /// What was brought about last.
  private struct Applied: Hashable {
    var generation: UInt64
    var over: Set<UInt32>
  }

  init(_ places: AgentPlaces, host: Name, trunk: String?, clock: HostClock, log: AgentLog) throws {
    self.trunk = trunk
    self.places = places
    self.log = log
    self.host = host
    self.clock = clock
    let installation = places.installation
    agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    floor = try agent.lastGeneration()
    kept = try places.readPlans()
    contact = try places.readContact()
    // What an agent before this one brought about stands here already.
    if let kept { work.become(kept.plans(without: kept.over(at: clock.now(), contact: contact))) }
  }

  /// Takes what a controller said, and makes it durable before anything is done.
  ///
  /// - Throws: `stale-plan` where the plans are older than those that are known, or `plans-unusable`.
  func take(_ news: PlanPoller.News) throws {
    contact = news.contact
    try places.write(news.contact)
    guard let document = news.document else { return }
    let last = max(floor, kept?.document.generation ?? 0)
    guard document.generation >= last || document.plans == nil else {
      throw Problem(
        .refused, "stale-plan",
        "The controller gives plans of generation \(document.generation), but host \(host) has had generation \(last).",
        remedy: "If the controller's state was restored from a copy, let it catch up: change or retry something.")
    }
    let arrived = try PlanReach.localised(document, for: host, places.installation.realm, trunk: trunk)
    if arrived.plans != nil {
      kept = KeptPlans(document: arrived, received: news.arrived, obeyed: kept?.obeyed ?? [:])
    } else if var known = kept, known.document.generation == document.generation {
      // The same plans; leases or fences were moved.
      (known.document.leaseEnds, known.document.fences) = (document.leaseEnds, document.fences)
      (known.document.time, known.received) = (document.time, news.arrived)
      kept = known
    }
    if let kept { try places.write(kept) }
  }

  /// Brings the host to what counts now; nil where it is that already.
  ///
  /// - Parameter alive: Called while it works.
  func settle(alive: () -> Void) -> AgentReport? {
    guard var kept else { return nil }
    let now = clock.now()
    if kept.obeyLeases(at: now, contact: contact) {
      self.kept = kept
      // Where it cannot be kept, it is obeyed all the same.
      do { try places.write(kept) } catch { log.say("state", "\(error)") }
    }
    let wanted = Applied(
      generation: kept.document.generation, over: kept.over(at: now, contact: contact))
    guard wanted != applied, now.boot >= retry else { return nil }
    do {
      let lock = try FileLock.lock(places.installation.lockPath)
      defer { withExtendedLifetime(lock) {} }
      let plans = kept.plans(without: wanted.over)
      let outcome = try withoutActuallyEscaping(alive) { alive in
        try agent.apply(plans, progress: { _ in alive() })
      }
      applied = wanted
      work.become(plans)
      backoff.reset()
      return report(outcome, wanted)
    } catch {
      retry = now.boot + Int64(backoff.next(longest: 60)) * 1_000_000
      let problem = ConnectionProblem.plain(error, now)
      return AgentReport(host: host, generation: wanted.generation, problem: problem)
    }
  }

  /// Milliseconds until something is to be done though nobody says anything; nil where nothing is.
  var pause: Int? {
    let now = clock.now()
    guard let kept else { return nil }
    var ends = [kept.nextEnd(at: now, contact: contact)].compactMap { $0 }
    let wanted = Applied(generation: kept.document.generation, over: kept.over(at: now, contact: contact))
    if wanted != applied { ends.append(max(0, retry - now.boot)) }
    // Rounded up, so that it is not looked at a moment too early.
    return ends.min().map { Int(clamping: $0 / 1_000_000 + 1) }
  }

  private func report(_ outcome: Agent.Outcome, _ done: Applied) -> AgentReport {
    func keyed<Value>(_ values: [UInt32: Value]) -> [String: Value] {
      Dictionary(values.map { ("\($0.key)", $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    return AgentReport(
      host: host, generation: done.generation, reports: outcome.reports, failures: keyed(outcome.failures),
      warnings: keyed(outcome.warnings), running: keyed(outcome.running))
  }
}
