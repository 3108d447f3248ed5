import Quantities

/// All that a store holds at one moment: to be kept in a file, or brought into another store.
public struct StoreArchive: Sendable {
  /// A document and where it stands.
  public struct Entry: Hashable, Sendable {
    /// Name of the collection.
    public var collection: String
    /// With the revision that it had.
    public var document: Document
  }

  /// A counter and the last number it gave.
  public struct Counter: Hashable, Sendable {
    /// Unique in the store.
    public var name: String
    /// The next is one more.
    public var value: Int64
  }

  /// When it was taken.
  public var created: Timestamp
  /// Sorted by name.
  public var counters: [Counter]
  /// Sorted by collection and key.
  public var entries: [Entry]

  /// Takes all of a store, in one consistent view. Throws `Problem` as the store does.
  public init(of store: any Store, created: Timestamp) throws {
    self.created = created
    (counters, entries) = try store.read { try Self.all(in: Self.whole($0)) }
  }

  init(created: Timestamp, counters: [Counter], entries: [Entry]) {
    self.created = created
    self.counters = counters
    self.entries = entries
  }

  /// Brings everything into a store in one transaction, revisions and counters as they were, and reads it back.
  ///
  /// Throws `Problem`: `store-not-empty` unless `replacing`, which removes what is there; `restore-differs` where
  /// the store does not give back what was written; and what the store throws.
  public func put(into store: any Store, replacing: Bool = false) throws {
    try store.transaction { transaction in
      let whole = try Self.whole(transaction)
      let (before, documents) = try Self.all(in: whole)
      if !replacing, !before.isEmpty || !documents.isEmpty { throw ArchiveProblem.notEmpty(documents.count) }
      if !before.isEmpty || !documents.isEmpty { try whole.removeAll() }
      for entry in entries { try whole.restore(entry.collection, entry.document) }
      for counter in counters { try whole.restore(counter: counter.name, counter.value) }
    }
    // What memory says proves nothing.
    (store as? EtcdStore)?.forget()
    let found = try store.read { try Self.all(in: Self.whole($0)) }
    guard Self.isSame(found, (counters, entries)) else { throw ArchiveProblem.differs() }
  }

  private typealias Content = (counters: [Counter], entries: [Entry])

  private static func all(in view: any ArchiveReading) throws -> ([Counter], [Entry]) {
    let entries = try view.collections().flatMap { name in
      try view.documents(name).map { Entry(collection: name, document: $0) }
    }
    return (try view.counters().map { Counter(name: $0.name, value: $0.value) }, entries)
  }

  /// Byte for byte, for Swift's texts are equal where Unicode says so.
  private static func isSame(_ left: Content, _ right: Content) -> Bool {
    left.counters.elementsEqual(right.counters) {
      $0.value == $1.value && $0.name.utf8.elementsEqual($1.name.utf8)
    }
      && left.entries.elementsEqual(right.entries) {
        $0.document.revision == $1.document.revision
          && $0.collection.utf8.elementsEqual($1.collection.utf8)
          && $0.document.key.utf8.elementsEqual($1.document.key.utf8)
          && $0.document.body.utf8.elementsEqual($1.document.body.utf8)
      }
  }

  private static func whole(_ view: any Reading) throws -> any ArchiveReading {
    guard let view = view as? any ArchiveReading else { throw ArchiveProblem.unable() }
    return view
  }

  private static func whole(_ view: any Transaction) throws -> any ArchiveTransaction {
    guard let view = view as? any ArchiveTransaction else { throw ArchiveProblem.unable() }
    return view
  }
}

/// What can be wrong with a backup, each with its remedy.
enum ArchiveProblem {
  static func notEmpty(_ count: Int) -> Problem {
    Problem(
      .refused, "store-not-empty", "The store holds \(count) documents already, nothing was changed.",
      remedy: "Name an empty store, or ask for its content to be replaced.")
  }

  static func differs() -> Problem {
    Problem(
      .failed, "restore-differs", "The store does not give back what was written.",
      remedy: "See whether something else writes there, then restore again.")
  }

  static func unable() -> Problem {
    Problem(.failed, "store-not-archivable", "This kind of store cannot be backed up.", remedy: "Use another store.")
  }

  static func damaged(_ path: String, _ reason: String, line: Int? = nil) -> Problem {
    Problem(
      .invalid, "backup-damaged", "'\(path)' is no whole backup of a store: \(reason).",
      remedy: "Use another backup.", location: line.map { "\(path):\($0)" })
  }

  static func tooNew(_ path: String, _ version: Int) -> Problem {
    Problem(
      .invalid, "backup-too-new", "The backup '\(path)' has version \(version), which this program does not know.",
      remedy: "Use the newer VirtCloud that wrote it.")
  }

  static func file(_ operation: String, _ path: String, _ reason: String) -> Problem {
    Problem(
      .failed, "backup-file", "Cannot \(operation) the backup '\(path)': \(reason).",
      remedy: "Check the path, the rights and the space on the disk.")
  }
}
