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
/// the store now says (`settle`), make the result durable. A crash anywhere is mended by the next settle.
public struct Controller: Sendable {
  public let installation: Installation
  let store: any Store
  let embedder: any Embedder
  /// Seconds since 1970.
  let now: @Sendable () -> Int64
  /// Told what is going on; called from the caller's thread.
  public typealias Progress = (Agent.Step) -> Void

  public init(
    _ installation: Installation, embedder: any Embedder = BalancedEmbedder(),
    now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
  ) throws {
    self.installation = installation
    self.embedder = embedder
    self.now = now
    store = try installation.openStore()
  }

  /// The state as it stands.
  func state() throws -> CloudState {
    let machine = ThisMachine.substrate
    return try store.read { try CloudState(from: $0, defaultSubstrate: machine) }
  }

  /// Changes the state in one durable transaction.
  @discardableResult
  func change<Result>(_ body: (inout CloudState) throws -> Result) throws -> Result {
    let machine = ThisMachine.substrate
    let result = try store.transaction { transaction in
      var state = try CloudState(from: transaction, defaultSubstrate: machine)
      let result = try body(&state)
      try state.write(to: transaction)
      return result
    }
    FaultPoint.reach()
    return result
  }

  /// Runs `body` as the only one on this machine that changes this installation.
  func exclusively<Result>(waiting: (Int32?) -> Void, _ body: () throws -> Result) throws -> Result {
    let lock = try installation.lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    return try body()
  }
}
