import CSQLite
import Quantities

/// The store in one SQLite file: write-ahead log, one writer at a time, every commit synced to the disk.
///
/// Safe to use from any thread; calls take turns on one connection. Several processes may share the file: a writer
/// waits for another for up to `busyTimeout`.
///
/// Unchecked, because the connection is only touched while `turn` is held, which the compiler cannot see.
public final class SQLiteStore: Store, @unchecked Sendable {
  /// File of the database; its log stands beside it (`-wal`, `-shm`).
  public let path: String
  private let connection: Connection
  private let turn = Turn()

  /// Opens the store, makes it (0600, in a folder of 0700) if it is not there, and brings its schema up to date.
  ///
  /// `busyTimeout` is how long to wait for another process's transaction, in milliseconds. Throws `Problem`:
  /// `state-not-permitted`, `state-read-only`, `state-damaged`, `state-too-new`, `state-disk-full`, `state-busy`,
  /// `state-failed`.
  public init(path: String, busyTimeout: Int32 = 10_000) throws {
    self.path = path
    try StateFile.prepare(path)
    let opened = try Connection(path: path, busyTimeout: busyTimeout)
    try Schema.bring(opened, path: path)
    connection = opened
  }

  /// As `Store.transaction`: `body` runs once, and the file is synced before it returns.
  @discardableResult
  public func transaction<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try turn.take {
      try connection.run("BEGIN IMMEDIATE")
      return try complete(body)
    }
  }

  /// As `Store.read`: on a snapshot of the log, while others may write.
  public func read<Result>(_ body: (any Reading) throws -> Result) throws -> Result {
    try turn.take {
      try connection.run("BEGIN DEFERRED")
      return try complete(body)
    }
  }

  private func complete<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    let view = SQLiteView(connection: connection)
    do {
      let result = try body(view)
      try connection.run("COMMIT")
      return result
    } catch {
      connection.rollBack()
      throw error
    }
  }

  /// Limits the file to this many pages, so that a test can fill the "disk".
  func limitPages(to count: Int) throws {
    try turn.take { try connection.run("PRAGMA max_page_count = \(count)") }
  }
}
