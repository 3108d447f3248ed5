import Agent
import Dispatch
import Embedding
import Infrastructure
import Planning
import Quantities
import Store
import Synchronization

/// The engine: one a cloud. Decides on a value, makes the decision durable, has every device brought to what was
/// decided, and notes what came of it.
///
/// Safe from any thread; nothing waits but what says so. A crash anywhere is mended by what the next engine does first:
/// it hands out plans for what the store says.
public final class Cloud: Sendable {
  /// What an operator sets.
  public struct Settings: Sendable {
    /// The controller's machine works emulated devices, and itself.
    public var hasLocalAgent = true
    /// A host whose agent is silent for that many seconds is lost.
    public var lostAfter: Double = 30
    /// Machines that shall be restarted elsewhere are stopped by an agent that hears nothing for that many seconds; they
    /// are restarted after as many more. Longer than `lostAfter`.
    public var fenceAfter: Double = 60
    /// Seconds between two signs of life of an agent.
    public var poll: Double = 10
    /// Seconds before the end of a lease at which its owner is told.
    public var warnings: [Int64] = []
    /// Real hosts may have agents of their own; else only the controller's machine is real.
    public var expectsAgents = false

    public init() {}
  }

  public let installation: Installation
  /// Nobody else on this machine changes this installation while the engine lives.
  private let lock: FileLock
  public let settings: Settings
  let store: any Store
  let embedder: any Embedder
  let now: @Sendable () -> Timestamp
  let writer: Writer
  let stations = Mutex(Stations())
  /// Where running operations are, beyond what is durable; and who waits for a change.
  let progress = Mutex(OperationBoard())
  /// Plans and hands out; one at a time.
  let settler = DispatchQueue(label: "virtcloud.settler")
  let agenda = Mutex(Agenda())
  /// Embeds requests, several at once, each user in turn.
  let admissions: FairQueue
  /// Admissions that were asked for and are not answered yet.
  let admissionsInHand = Atomic<Int>(0)
  /// Where time-outs run: never something long.
  let timers = DispatchQueue(label: "virtcloud.timers")
  let keptWiring = Mutex<(number: UInt64, wiring: Planner.Wiring)?>(nil)
  let keptRemoteHosts = Mutex<(number: UInt64, hosts: Set<Name>)?>(nil)
  let waitNumbers = Atomic<Int>(0)
  let localAgent: LocalAgent
  /// When this engine began: before that, nobody's silence is known.
  let began = ContinuousClock.now

  /// How long orders took until they were decided, settling until plans were out, and commits.
  public let admissionTally = Tally()
  public let settleTally = Tally()
  public var commitTally: Tally { writer.commits }
  /// Orders that were let in, and refused.
  public let admissionCounts = Mutex<(admitted: UInt64, refused: UInt64)>((0, 0))

  /// Begins with what the store says; nothing is done before `start`.
  ///
  /// - Parameter store: Nil is the installation's own.
  public init(
    _ installation: Installation, store: (any Store)? = nil, settings: Settings = Settings(),
    embedder: any Embedder = SearchEmbedder(), now: @escaping @Sendable () -> Timestamp = { .now }
  ) throws {
    self.installation = installation
    self.settings = settings
    self.embedder = embedder
    self.now = now
    try installation.makeRunDirectory()
    lock = try FileLock.demand(installation.lockPath, toward: "serve this installation")
    let store = try store ?? installation.openStore()
    self.store = store
    let machine = ThisMachine.substrate
    let state = try store.read { try CloudState(from: $0, defaultSubstrate: machine) }
    writer = Writer(state, store, now: now)
    admissions = FairQueue(workers: 2)
    localAgent = LocalAgent(installation)
  }

  var planner: Planner { Planner(realm: installation.realm) }

  /// What happens; see `EventLog`.
  public var events: EventLog { writer.events }

  /// Begins to work: takes up what was under way, begins and ends what is due, and goes on doing so.
  public func start() {
    listenToLocalAgent()
    writer.whenCommitted { [weak self] needsSettling in if needsSettling { self?.needsSettling() } }
    progress.withLock { $0.begin(writer.state.operations.values.filter { $0.state == .running }) }
    needsSettling()
    tickSoon()
  }

  /// Looks once a second at what time brings, until it is stopped.
  private func tickSoon() {
    settler.asyncAfter(deadline: .now() + 1) { [weak self] in
      guard let self, !agenda.withLock({ $0.isStopped }) else { return }
      tick()
      tickSoon()
    }
  }

  /// Ends the work in an orderly way: what is being applied is finished, nothing new begins. Waits for that.
  public func stop(because problem: Problem? = nil) {
    agenda.withLock { $0.isStopped = true }
    writer.stop(
      problem
        ?? Problem(
          .failed, "stopping", "The controller is stopping.", remedy: "Try again in a moment, or on another controller."
        ))
    settler.sync {}
    localAgent.finish()
  }

  /// One consistent moment.
  public var view: CloudView {
    let state = writer.state
    let stations = stations.withLock { $0 }
    return CloudView(state, stations, now: now())
  }
}

/// What is to be settled next.
struct Agenda: Sendable {
  var isScheduled = false
  var isStopped = false
  /// Infrastructures whose devices apply their plans again though nothing changed.
  var poked: Set<UInt32> = []
  /// When what could not be done is tried again.
  var retry: ContinuousClock.Instant?
  /// Revision of the state that the last plans were made of.
  var settledRevision: Int64 = 0
  /// Next moment at which a lease begins, changes or ends.
  var nextEvent: Timestamp?
  /// How long the last settling took, seconds, and when it was done.
  var settled: (took: Double, at: ContinuousClock.Instant)?
  /// When machines of lost hosts are placed again.
  var restartRetry: ContinuousClock.Instant?
}
