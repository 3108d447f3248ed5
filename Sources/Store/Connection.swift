import CSQLite
import Quantities

/// One open database handle with its prepared statements.
///
/// Not safe by itself: `SQLiteStore` lends it to one thread at a time.
final class Connection {
  let path: String
  private let handle: OpaquePointer
  private var statements: [String: Statement] = [:]

  /// Opens or creates the file. The handle waits for other processes up to `busyTimeout` milliseconds.
  init(path: String, busyTimeout: Int32) throws {
    self.path = path
    var opened: OpaquePointer?
    // The store takes turns itself, so SQLite's own mutexes would only cost.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened else {
      throw StateProblem.from(code: code, extended: code, message: "out of memory", path: path)
    }
    handle = opened
    guard code == SQLITE_OK else {
      let problem = StateProblem.from(
        code: code, extended: sqlite3_extended_errcode(opened), message: String(cString: sqlite3_errmsg(opened)),
        path: path)
      sqlite3_close_v2(opened)
      throw problem
    }
    sqlite3_busy_timeout(opened, busyTimeout)
  }

  deinit {
    statements.removeAll()
    // Statements hold the handle until they go, so close_v2 (never refused) and not close.
    sqlite3_close_v2(handle)
  }

  /// Runs a statement to its end and reads each of its rows.
  func rows<Row>(_ text: String, _ values: Statement.Value..., read: (Statement) -> Row) throws -> [Row] {
    try statement(text).rows(values, read)
  }

  /// The prepared statement of this text, made at the first use.
  private func statement(_ text: String) throws -> Statement {
    if let known = statements[text] { return known }
    var prepared: OpaquePointer?
    try check(sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
    guard let prepared else { preconditionFailure("no statement in '\(text)'") }
    let statement = Statement(prepared, self)
    statements[text] = statement
    return statement
  }

  /// Runs a statement to its end and forgets its rows.
  func run(_ text: String, _ values: Statement.Value...) throws {
    _ = try statement(text).rows(values) { _ in }
  }

  /// Runs statements that are needed once, such as those of the schema.
  func execute(_ script: String) throws {
    try check(sqlite3_exec(handle, script, nil, nil, nil))
  }

  /// A single number, such as a pragma's.
  func number(_ text: String) throws -> Int64 {
    try rows(text) { $0.int(0) }.first ?? 0
  }

  /// Undoes the open transaction.
  ///
  /// After a full disk or an I/O error SQLite may have rolled back by itself (sqlite3_get_autocommit), and a
  /// second rollback would only say so; the error that led here is the one to report.
  func rollBack() {
    if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes(handle)) }

  /// Throws what SQLite says if the code is an error.
  func check(_ code: Int32) throws {
    if code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE { return }
    throw StateProblem.from(
      code: code & 0xFF, extended: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)),
      path: path)
  }
}
