import Synchronization

/// Encoded documents that need not be made again while nothing has changed.
final class DocumentCache: Sendable {
  struct Key: Hashable, Sendable {
    var route: String
    /// What it is of: a name, a query.
    var object = ""
    /// Who may see it so: empty is everybody.
    var viewer = ""
  }

  /// More are forgotten, all at once.
  static let capacity = 20_000
  private let entries = Mutex<[Key: (stamp: Int64, entity: Entity)]>([:])

  /// The entity that was made at this stamp, or else a new one.
  ///
  /// - Parameter stamp: Another stamp means that it may have changed.
  func entity(_ key: Key, stamp: Int64, make: () throws -> Entity) rethrows -> Entity {
    if let known = entries.withLock({ $0[key] }), known.stamp == stamp { return known.entity }
    let entity = try make()
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries = [:] }
      entries[key] = (stamp, entity)
    }
    return entity
  }
}
