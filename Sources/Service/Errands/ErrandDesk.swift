import API
import Quantities
import Synchronization

/// Where hosts' agents fetch what is wanted of them at once, and bring what came of it.
///
/// Nothing is durable: an errand that is not done in a few seconds is given up, and whoever wanted it is told so.
final class ErrandDesk: Sendable {
  typealias Done = @Sendable (Result<ErrandAnswer, Problem>) -> Void
  typealias Fetch = @Sendable ([Errand]) -> Void

  /// How a host's agent is with errands.
  enum Standing: Hashable, Sendable {
    case ready
    /// It does not ask for any.
    case silent
  }

  /// One host's.
  private struct Box {
    /// Of the agent's process that asked last; empty where none did.
    var life: String
    /// When it asked last; nil is never.
    var heard: ContinuousClock.Instant?
    var waiting: (number: UInt64, answer: Fetch)?
    var queue: [Errand] = []
  }

  /// Handed out or queued, and not answered.
  private struct Pending {
    var host: Name
    var done: Done
  }

  private struct State {
    var boxes: [Name: Box] = [:]
    var pending: [String: Pending] = [:]
    var number: UInt64 = 0
    var isStopped = false
  }

  /// The longest time between two questions of an agent that lives: its poll, and a pause after a failed one.
  static let patience = Duration.seconds(100)
  /// The most errands that wait for one agent.
  private static let queued = 256

  private let state = Mutex(State())
  private let timers: Timers
  private let grace: Duration
  private let began = ContinuousClock.now

  /// - Parameter grace: Seconds after its beginning in which nobody's silence is known.
  init(_ timers: Timers, grace: Double) {
    self.timers = timers
    self.grace = .seconds(grace)
  }

  /// Whether the host's agent asks for errands. While nobody can know yet it is taken for ready.
  func standing(of host: Name) -> Standing {
    let now = ContinuousClock.now
    if now - began < grace { return .ready }
    return state.withLock { state in
      guard let box = state.boxes[host] else { return .silent }
      return box.waiting != nil || box.heard.map { now - $0 < Self.patience } ?? false ? .ready : .silent
    }
  }

  /// An agent asks: answers as soon as there is something to do, or after so many seconds.
  ///
  /// - Parameter life: Names the agent's process. Returns true where it is another one than before.
  @discardableResult
  func fetch(_ host: Name, life: String, seconds: Double, answer: @escaping Fetch) -> Bool {
    let (errands, displaced, number, isNew) = state.withLock { state -> ([Errand]?, Fetch?, UInt64, Bool) in
      state.number += 1
      var box = state.boxes[host] ?? Box(life: life)
      let isNew = !box.life.isEmpty && box.life != life
      // Who asked before has gone, or will come again.
      let displaced = box.waiting?.answer
      (box.life, box.heard, box.waiting) = (life, .now, nil)
      defer { state.boxes[host] = box }
      guard box.queue.isEmpty, seconds > 0, !state.isStopped else {
        let part = Array(box.queue.prefix(ErrandsDocument.most))
        box.queue.removeFirst(part.count)
        return (part, displaced, state.number, isNew)
      }
      box.waiting = (state.number, answer)
      return (nil, displaced, state.number, isNew)
    }
    displaced?([])
    if let errands {
      answer(errands)
    } else {
      timers.after(seconds: min(seconds, 60)) { [weak self] in self?.lapse(host, number) }
    }
    return isNew
  }

  private func lapse(_ host: Name, _ number: UInt64) {
    let answer = state.withLock { state -> Fetch? in
      guard state.boxes[host]?.waiting?.number == number else { return nil }
      defer {
        state.boxes[host]?.waiting = nil
        state.boxes[host]?.heard = .now
      }
      return state.boxes[host]?.waiting?.answer
    }
    answer?([])
  }

  /// Wants something done; `done` is called once, from any thread, within so many seconds.
  ///
  /// Fails with `agent-silent` where no answer came, `service-stopping` at the end.
  func ask(_ host: Name, _ errand: Errand, seconds: Double, done: @escaping Done) {
    let (problem, fetch, errands) = state.withLock { state -> (Problem?, Fetch?, [Errand]) in
      guard !state.isStopped else { return (Self.stopping, nil, []) }
      var box = state.boxes[host] ?? Box(life: "")
      guard box.queue.count < Self.queued else { return (Self.silent(host), nil, []) }
      defer { state.boxes[host] = box }
      state.pending[errand.id] = Pending(host: host, done: done)
      box.queue.append(errand)
      guard let waiting = box.waiting else { return (nil, nil, []) }
      defer { (box.waiting, box.queue, box.heard) = (nil, [], .now) }
      return (nil, waiting.answer, box.queue)
    }
    if let problem { return done(.failure(problem)) }
    timers.after(seconds: seconds) { [weak self] in self?.giveUp(errand.id, host) }
    fetch?(errands)
  }

  private func giveUp(_ id: String, _ host: Name) {
    let pending = state.withLock { state in
      state.boxes[host]?.queue.removeAll { $0.id == id }
      return state.pending.removeValue(forKey: id)
    }
    pending?.done(.failure(Self.silent(host)))
  }

  /// An agent says what came of one. Throws where it was not this host's, or was given up.
  func answer(_ id: String, of host: Name, _ answer: ErrandAnswer) throws(Problem) {
    let pending = state.withLock { state in
      state.pending[id]?.host == host ? state.pending.removeValue(forKey: id) : nil
    }
    guard let pending else {
      throw Problem(
        .notFound, "no-such-errand", "Host \(host) has no errand '\(id.excerpt)'.",
        remedy: "It was given up after a few seconds; do nothing.")
    }
    pending.done(answer.problem.map { .failure($0) } ?? .success(answer))
  }

  /// Gives everything up.
  func stop() {
    let (fetches, pending) = state.withLock { state in
      state.isStopped = true
      defer { (state.boxes, state.pending) = ([:], [:]) }
      return (state.boxes.values.compactMap { $0.waiting?.answer }, Array(state.pending.values))
    }
    for fetch in fetches { fetch([]) }
    for item in pending { item.done(.failure(Self.stopping)) }
  }

  static func silent(_ host: Name) -> Problem {
    Problem(
      .failed, "agent-silent", "The agent of host \(host) does not answer.",
      remedy: "Look at the host and its log: 'virtcloud host list' says since when.")
  }

  private static let stopping = Problem(
    .failed, "service-stopping", "The service is stopping.", remedy: "Try again in a moment.")
}

extension ErrandDesk {
  /// 128 random bits, as text: who does not know it cannot guess it.
  static func makeID() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
