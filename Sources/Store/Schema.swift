import Quantities

/// The tables, and the steps from each older version to the next.
enum Schema {
  /// `VCST` in ASCII; file(1) and we know our files by it.
  static let applicationID: Int64 = 0x5643_5354
  /// Version that this program writes; kept in `PRAGMA user_version`.
  static var version: Int64 { Int64(steps.count) }

  /// `steps[n]` leads from version n to n + 1.
  static let steps = [
    """
    CREATE TABLE document (
      collection TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
      PRIMARY KEY (collection, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """
  ]

  /// Sets the connection up and brings an older file up to date; a current one costs a few reads.
  static func bring(_ connection: Connection, path: String) throws {
    if try needsWork(connection, path) {
      try StateFile.alone(in: StateFile.folder(of: path)) {
        guard try needsWork(connection, path) else { return }
        try makeLog(connection)
        try migrate(connection, path)
      }
    }
    // In WAL mode NORMAL may lose the last commits when the power goes; FULL syncs the log at each commit.
    try connection.execute("PRAGMA synchronous = FULL")
    // Without a limit the log keeps the size that it ever had, and on a full disk takes the room that others gave back.
    try connection.execute("PRAGMA journal_size_limit = \(logLimit)")
  }

  /// Octets that the log keeps once what stands in it is in the file.
  static let logLimit = 8 << 20

  private static func needsWork(_ connection: Connection, _ path: String) throws -> Bool {
    let found = try connection.number("PRAGMA user_version")
    if found > version { throw StateProblem.tooNew(found: found, known: version, path: path) }
    let owner = try connection.number("PRAGMA application_id")
    let isForeign = owner != applicationID && (owner != 0 || found != 0)
    if isForeign { throw StateProblem.foreign(path: path) }
    return found < version
  }

  /// The journal mode is a property of the file; it cannot be changed within a transaction.
  private static func makeLog(_ connection: Connection) throws {
    try connection.execute("PRAGMA journal_mode = WAL")
  }

  /// All steps in one transaction; another process may have come first, so the version is read again within it.
  private static func migrate(_ connection: Connection, _ path: String) throws {
    try connection.execute("BEGIN IMMEDIATE")
    do {
      let found = try connection.number("PRAGMA user_version")
      if found > version { throw StateProblem.tooNew(found: found, known: version, path: path) }
      if found == 0, try connection.number("SELECT count(*) FROM sqlite_schema") > 0 {
        throw StateProblem.foreign(path: path)
      }
      for step in steps[Int(found)...] { try connection.execute(step) }
      try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
      try connection.execute("COMMIT")
    } catch {
      connection.rollBack()
      throw error
    }
  }
}
