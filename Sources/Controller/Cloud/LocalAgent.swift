import Agent
import Dispatch
import Linux
import Planning
import Quantities
import Synchronization

/// The agent that works this machine's devices within the controller's process: emulated hosts and sites, and the
/// machine itself. Plans reach it by a call, else it does what every agent does.
final class LocalAgent: Sendable {
  private let installation: Installation
  private let queue = DispatchQueue(label: "virtcloud.agent")

  private struct Box {
    var next: (plans: [HostPlan], generation: UInt64)?
    var isBusy = false
  }
  private let box = Mutex(Box())
  private let listener = Mutex<Listener?>(nil)

  /// Who is told.
  struct Listener: Sendable {
    var step: @Sendable (Agent.Step) -> Void
    var done: @Sendable (_ generation: UInt64, Result<Agent.Outcome, any Error>) -> Void
  }

  init(_ installation: Installation) { self.installation = installation }

  func listen(_ listener: Listener) { self.listener.withLock { $0 = listener } }

  /// Brings the devices to these plans; those that wait already are passed over for them.
  func apply(_ plans: [HostPlan], generation: UInt64) {
    let begins = box.withLock { box in
      box.next = (plans, generation)
      defer { box.isBusy = true }
      return !box.isBusy
    }
    if begins { queue.async { self.work() } }
  }

  /// Waits until nothing is being applied.
  func finish() {
    box.withLock { $0.next = nil }
    queue.sync {}
  }

  /// What bears our marks on this machine and none of `plans` names, in words; waits for what is being applied.
  func leftovers(beside plans: [HostPlan]) throws -> [String] {
    try queue.sync {
      try Agent(realm: installation.realm, runDirectory: installation.runDirectory).leftovers(beside: plans)
    }
  }

  /// What devices have counted; waits for what is being applied.
  func read(_ plans: [HostPlan]) throws -> [DeviceReading] {
    try queue.sync {
      try Agent(realm: installation.realm, runDirectory: installation.runDirectory).read(plans)
    }
  }

  private func work() {
    while let (plans, generation) = take() {
      let listener = listener.withLock { $0 }
      let result = Result { try converge(plans) { listener?.step($0) } }
      listener?.done(generation, result)
    }
  }

  private func take() -> (plans: [HostPlan], generation: UInt64)? {
    box.withLock { box in
      defer { box.next = nil }
      if box.next == nil { box.isBusy = false }
      return box.next
    }
  }

  /// New ends of encrypted wires are connected before frames turn to them; old ones end when nobody uses them any more.
  /// What goes wrong with their processes is told when everything else is done: it is nobody else's matter.
  private func converge(_ plans: [HostPlan], progress: @escaping (Agent.Step) -> Void) throws -> Agent.Outcome {
    try installation.makeRunDirectory()
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    let wires = EncryptedWires(installation: installation)
    let isWanted = !wires.specs(plans).isEmpty
    var failure: (any Error)?
    let outcome = try agent.apply(plans, progress: progress) {
      if isWanted { do { try wires.follow(plans, keepsOld: true) } catch { failure = error } }
    }
    do { try wires.follow(plans) } catch { failure = failure ?? error }
    if let failure { throw failure }
    return outcome
  }
}
