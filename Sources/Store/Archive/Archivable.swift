/// A view that can tell all there is, for a backup.
protocol ArchiveReading: Reading {
  /// Names of all collections that have documents, sorted by the bytes of UTF-8.
  func collections() throws -> [String]
  /// All counters with their values, sorted by the bytes of UTF-8.
  func counters() throws -> [(name: String, value: Int64)]
}

/// A transaction that can bring a backup back as it was, revisions and all.
protocol ArchiveTransaction: ArchiveReading, Transaction {
  /// Removes every document and counter.
  func removeAll() throws
  /// Writes a document with the revision it has.
  func restore(_ collection: String, _ document: Document) throws
  /// Sets a counter.
  func restore(counter: String, _ value: Int64) throws
}
