import Agent
import Glibc
import Infrastructure
import Linux
import Planning
import Quantities
import Store

/// What an installation's store says, for those who only look: beside the engine that serves it (`Cloud`), or without one.
public struct Controller: Sendable {
  public let installation: Installation
  let store: any Store
  /// The clock; the only one that answers go by.
  let now: @Sendable () -> Timestamp

  /// Opens the installation's store, making it where it is missing; throws its `state-…` problems.
  public init(_ installation: Installation, now: @escaping @Sendable () -> Timestamp = { .now }) throws {
    self.installation = installation
    self.now = now
    store = try installation.openStore()
  }

  var planner: Planner { Planner(realm: installation.realm) }

  /// The state as it stands.
  func state() throws -> CloudState {
    let machine = ThisMachine.substrate
    return try store.read { try CloudState(from: $0, defaultSubstrate: machine) }
  }
}

extension Timestamp {
  /// The system's clock.
  public static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }
}
