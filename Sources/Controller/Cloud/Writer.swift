import Dispatch
import Linux
import Quantities
import Store
import Synchronization

/// The one that changes a cloud's state: takes all changes that wait, tries each on a copy, makes those that succeed
/// durable in one transaction, and only then answers. Changes are decided in the order of their arrival.
///
/// Safe from any thread.
final class Writer: Sendable {
  /// What a change does beside changing the state.
  struct Turn {
    let time: Timestamp
    /// What is told when all is durable; ids are given then.
    var events: [CloudEvent] = []
    /// More documents to write: collection, key, body; those without a body are removed.
    var documents: [KeptDocument] = []
    /// The devices have to be brought to what was decided.
    var needsSettling = false
  }

  /// Changes the state, or throws, and nothing is changed then; what it returns is called when it is durable.
  typealias Change = @Sendable (inout CloudState, inout Turn) throws -> @Sendable () -> Void

  private struct Job: Sendable {
    var change: Change
    var refuse: @Sendable (any Error) -> Void
  }

  private struct Desk {
    var jobs: [Job] = []
    var isDraining = false
    var stopped: Problem?
  }

  /// Most changes in one transaction.
  private static let batch = 64

  private let store: any Store
  private let now: @Sendable () -> Timestamp
  private let desk = Mutex(Desk())
  private let published: Mutex<CloudState>
  private let queue = DispatchQueue(label: "virtcloud.writer")
  let events: EventLog
  /// Called after each commit, on the writer's thread.
  private let committed: Mutex<@Sendable (_ needsSettling: Bool) -> Void> = Mutex({ _ in })
  /// How long commits took, for whoever measures.
  let commits = Tally()

  init(_ state: CloudState, _ store: any Store, now: @escaping @Sendable () -> Timestamp) {
    self.store = store
    self.now = now
    published = Mutex(state)
    events = EventLog(lastID: state.lastEvent)
  }

  func whenCommitted(_ body: @escaping @Sendable (Bool) -> Void) { committed.withLock { $0 = body } }

  /// The state as the store has it.
  var state: CloudState { published.withLock { $0 } }

  /// Takes a change; `refuse` is called where it throws, or cannot be made durable.
  func submit(_ change: @escaping Change, refuse: @escaping @Sendable (any Error) -> Void) {
    let (problem, begins) = desk.withLock { desk -> (Problem?, Bool) in
      if let problem = desk.stopped { return (problem, false) }
      desk.jobs.append(Job(change: change, refuse: refuse))
      defer { desk.isDraining = true }
      return (nil, !desk.isDraining)
    }
    if let problem { return refuse(problem) }
    if begins { queue.async { self.drain() } }
  }

  /// The same, waiting for it; not from the writer's own thread.
  func change<Result: Sendable>(
    _ body: @escaping @Sendable (inout CloudState, inout Turn) throws -> Result
  ) throws -> Result {
    let done = DispatchSemaphore(value: 0)
    let answer = Mutex<Swift.Result<Result, any Error>?>(nil)
    submit(
      { state, turn in
        let result = try body(&state, &turn)
        return {
          answer.withLock { $0 = .success(result) }
          done.signal()
        }
      },
      refuse: { error in
        answer.withLock { $0 = .failure(error) }
        done.signal()
      })
    done.wait()
    guard let answer = answer.withLock({ $0 }) else { preconditionFailure("a change is always answered") }
    return try answer.get()
  }

  /// Takes no more changes; those that wait are refused with `problem`.
  func stop(_ problem: Problem) {
    let jobs = desk.withLock { desk in
      desk.stopped = problem
      defer { desk.jobs = [] }
      return desk.jobs
    }
    for job in jobs { job.refuse(problem) }
    queue.sync {}
  }

  private func drain() {
    while true {
      let jobs = desk.withLock { desk -> [Job] in
        let jobs = Array(desk.jobs.prefix(Self.batch))
        desk.jobs.removeFirst(jobs.count)
        if jobs.isEmpty { desk.isDraining = false }
        return jobs
      }
      if jobs.isEmpty { return }
      commit(jobs)
    }
  }

  private func commit(_ jobs: [Job]) {
    let before = state
    var next = before
    var turn = Turn(time: now())
    var answers: [(answer: @Sendable () -> Void, refuse: @Sendable (any Error) -> Void)] = []
    var refusals: [(error: any Error, refuse: @Sendable (any Error) -> Void)] = []
    for job in jobs {
      var (trial, trialTurn) = (next, turn)
      do {
        let answer = try job.change(&trial, &trialTurn)
        // Before the next one decides: what an earlier one of the same transaction has changed is not what it was.
        trial.stamp(before.revision + 1)
        trial.book()
        (next, turn) = (trial, trialTurn)
        answers.append((answer, job.refuse))
      } catch {
        // It may be refused for what another has just taken: nobody is told before that is durable.
        if answers.isEmpty { job.refuse(error) } else { refusals.append((error, job.refuse)) }
      }
    }
    guard !answers.isEmpty else { return }
    do {
      try write(&next, &turn, since: before)
    } catch {
      // What they were refused for has not come to be, either.
      for refuse in answers.map(\.refuse) + refusals.map(\.refuse) { refuse(error) }
      return
    }
    published.withLock { $0 = next }
    events.publish(turn.events)
    for answer in answers { answer.answer() }
    for refusal in refusals { refusal.refuse(refusal.error) }
    committed.withLock { $0 }(turn.needsSettling)
  }

  private func write(_ next: inout CloudState, _ turn: inout Turn, since before: CloudState) throws {
    guard next.isUnsaved(since: before) || !turn.documents.isEmpty || !turn.events.isEmpty else { return }
    let start = DispatchTime.now().uptimeNanoseconds
    next.revision += 1
    for index in turn.events.indices {
      next.lastEvent += 1
      turn.events[index].id = next.lastEvent
    }
    let (state, documents) = (next, turn.documents)
    try store.transaction { transaction in
      try state.write(to: transaction, since: before)
      for document in documents {
        if let body = document.body {
          try transaction.write(document.collection, document.key, body)
        } else {
          try transaction.delete(document.collection, document.key)
        }
      }
    }
    next.saved()
    FaultPoint.reach()
    commits.add(seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
  }
}

/// A document beside the state: the audit log, usage, what the service keeps.
public struct KeptDocument: Hashable, Sendable {
  public var collection, key: String
  /// JSON; nil removes it.
  public var body: String?

  public init(_ collection: String, _ key: String, _ body: String?) {
    (self.collection, self.key, self.body) = (collection, key, body)
  }
}

extension CloudState {
  /// Gives all infrastructures that have changed the revision in which that becomes durable.
  fileprivate mutating func stamp(_ revision: Int64) {
    for name in records.unsaved where records[name].map({ $0.standing.revision != revision }) ?? false {
      records[name]?.standing.revision = revision
    }
  }

  /// True where something differs that the store has to know.
  func isUnsaved(since before: CloudState) -> Bool {
    !records.unsaved.isEmpty || !offers.unsaved.isEmpty || !hosts.unsaved.isEmpty || !agents.unsaved.isEmpty
      || !operations.unsaved.isEmpty || !previous.unsaved.isEmpty || applied != before.applied
      || generation != before.generation || lastNetwork != before.lastNetwork || pool.waiting != before.pool.waiting
  }
}
