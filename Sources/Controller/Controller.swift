import Agent
import Embedding
import Glibc
import Infrastructure
import Linux
import Planning
import Quantities
import Store

/// Admission, leases and life cycle of an installation.
///
/// Every change takes the same road: decide on a value, make the decision durable, bring every device to what
/// the store now says (`Session.settle`), make the result durable. A crash anywhere is mended by the next settle.
public struct Controller: Sendable {
  public let installation: Installation
  let store: any Store
  let embedder: any Embedder
  /// The clock; the only one that decisions go by.
  let now: @Sendable () -> Timestamp
  /// Told what is going on; called from the caller's thread.
  public typealias Progress = (Agent.Step) -> Void

  /// Opens the installation's store, making it where it is missing; throws its `state-…` problems.
  public init(
    _ installation: Installation, embedder: any Embedder = SearchEmbedder(),
    now: @escaping @Sendable () -> Timestamp = { .now }
  ) throws {
    self.installation = installation
    self.embedder = embedder
    self.now = now
    store = try installation.openStore()
  }

  var planner: Planner { Planner(realm: installation.realm) }

  /// The state as it stands.
  func state() throws -> CloudState {
    let machine = ThisMachine.substrate
    return try store.read { try CloudState(from: $0, defaultSubstrate: machine) }
  }

  /// Runs `body` as the only one on this machine that changes this installation.
  ///
  /// Whatever ended or expired before is settled first, so that its VLANs, numbers and room are free.
  func exclusively<Result>(
    waiting: (Int32?) -> Void, progress: @escaping Progress, _ body: (Session) throws -> Result
  ) throws -> Result {
    let lock = try installation.lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    let session = Session(self, try state(), progress: progress)
    let time = now()
    if session.state.records.values.contains(where: { $0.isOver(at: time) || $0.isDue(at: time) }) {
      try session.settle()
    }
    try session.change { $0.lapse(time) }
    return try body(session)
  }
}

extension Timestamp {
  /// The system's clock.
  public static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }
}
