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
  /// Seconds since 1970.
  let now: @Sendable () -> Int64
  /// Told what is going on; called from the caller's thread.
  public typealias Progress = (Agent.Step) -> Void

  /// Opens the installation's store, making it where it is missing; throws its `state-…` problems.
  public init(
    _ installation: Installation, embedder: any Embedder = SearchEmbedder(),
    now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
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
    if session.state.records.values.contains(where: { !$0.isWanted(at: time) }) { try session.settle() }
    return try body(session)
  }
}
