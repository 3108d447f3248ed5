/// What a backup and its way back need.
extension SQLiteView: ArchiveTransaction {
  func collections() throws -> [String] {
    try connection.rows("SELECT DISTINCT collection FROM document ORDER BY collection") { $0.text(0) }
  }

  func counters() throws -> [(name: String, value: Int64)] {
    try connection.rows("SELECT name, value FROM counter ORDER BY name") { ($0.text(0), $0.int(1)) }
  }

  func removeAll() throws {
    try connection.run("DELETE FROM document")
    try connection.run("DELETE FROM counter")
  }

  func restore(_ collection: String, _ document: Document) throws {
    try connection.run(
      "INSERT OR REPLACE INTO document (collection, key, body, revision) VALUES (?1, ?2, ?3, ?4)",
      .text(collection), .text(document.key), .text(document.body), .int(document.revision))
  }

  func restore(counter: String, _ value: Int64) throws {
    try connection.run("INSERT OR REPLACE INTO counter (name, value) VALUES (?1, ?2)", .text(counter), .int(value))
  }
}
