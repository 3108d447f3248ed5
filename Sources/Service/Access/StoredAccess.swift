import Store

/// Projects and tokens in the cloud's own store.
public struct StoredAccess: AccessRecords {
  private static let books = DocumentCollection<AccessBook>("access")
  private let store: any Store

  public init(_ store: any Store) { self.store = store }

  /// Throws what the store throws.
  public func load() throws -> AccessBook {
    try store.read { try Self.books.value("book", in: $0)?.value } ?? AccessBook()
  }

  /// Throws what the store throws.
  public func save(_ book: AccessBook) throws {
    try store.transaction { try Self.books.write(book, "book", in: $0) }
  }
}
