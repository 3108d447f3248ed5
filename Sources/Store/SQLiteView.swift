import Quantities

/// The open transaction of a connection.
struct SQLiteView: Transaction {
  let connection: Connection
  /// Counter from which every document's revision comes.
  private static let revisions = "revision"

  func document(_ collection: String, _ key: String) throws -> Document? {
    try connection.rows(
      "SELECT key, body, revision FROM document WHERE collection = ?1 AND key = ?2",
      .text(collection), .text(key), read: Self.document
    ).first
  }

  func documents(_ collection: String) throws -> [Document] {
    try connection.rows(
      "SELECT key, body, revision FROM document WHERE collection = ?1 ORDER BY key",
      .text(collection), read: Self.document)
  }

  func last(_ counter: String) throws -> Int64 {
    try connection.rows(
      "SELECT value FROM counter WHERE name = ?1",
      .text(counter)
    ) { $0.int(0) }.first ?? 0
  }

  func next(_ counter: String) throws -> Int64 {
    let rows = try connection.rows(
      "INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 "
        + "RETURNING value",
      .text(counter)
    ) { $0.int(0) }
    return rows[0]
  }

  func write(_ collection: String, _ key: String, _ body: String, ifRevision: Int64?) throws -> Int64 {
    try compare(collection, key, ifRevision)
    let revision = try next(Self.revisions)
    try connection.run(
      "INSERT INTO document (collection, key, body, revision) VALUES (?1, ?2, ?3, ?4) "
        + "ON CONFLICT (collection, key) DO UPDATE SET body = excluded.body, revision = excluded.revision",
      .text(collection), .text(key), .text(body), .int(revision))
    return revision
  }

  func delete(_ collection: String, _ key: String, ifRevision: Int64?) throws -> Bool {
    try compare(collection, key, ifRevision)
    try connection.run("DELETE FROM document WHERE collection = ?1 AND key = ?2", .text(collection), .text(key))
    return connection.changes > 0
  }

  private func compare(_ collection: String, _ key: String, _ expected: Int64?) throws {
    guard let expected else { return }
    let found =
      try connection.rows(
        "SELECT revision FROM document WHERE collection = ?1 AND key = ?2",
        .text(collection), .text(key)
      ) { $0.int(0) }.first ?? 0
    if found != expected {
      throw StaleRevision(collection: collection, key: key, expected: expected, found: found)
    }
  }

  private static func document(_ row: Statement) -> Document {
    Document(key: row.text(0), body: row.text(1), revision: row.int(2))
  }
}
