import Quantities

/// Documents that survive: each has a collection, a key and a revision.
///
/// Small on purpose, so that an embedded database and a distributed one can both stand behind it. Everything happens
/// in transactions: either all of it is durable when `transaction` returns, or none of it happened.
public protocol Store: Sendable {
  /// Runs `body` alone among all writers, on every process of this machine, and makes its changes durable.
  ///
  /// If `body` throws, nothing is changed and its error comes back. Throws `Problem` if the store cannot be read or
  /// written (`state-…` codes, in etcd `etcd-…`, `lost-leadership`, `commit-unknown`). `body` must not start another
  /// transaction, and should do nothing but read and write: where others may write too, it can run again.
  @discardableResult
  func transaction<Result>(_ body: (any Transaction) throws -> Result) throws -> Result

  /// Runs `body` on one consistent view without keeping anybody from writing; changes are a programmer's mistake.
  func read<Result>(_ body: (any Reading) throws -> Result) throws -> Result
}

/// A stored document.
public struct Document: Hashable, Sendable {
  /// Unique in its collection; compared by the bytes of UTF-8.
  public var key: String
  /// JSON text, as the writer made it.
  public var body: String
  /// Grows with every change of anything in the store; names one state of this document.
  public var revision: Int64

  /// `body` is not looked at: whoever reads it must be able to decode it.
  public init(key: String, body: String, revision: Int64) {
    self.key = key
    self.body = body
    self.revision = revision
  }
}

/// One consistent view of the store. Valid only inside the closure that received it.
public protocol Reading {
  /// The document, or nil.
  func document(_ collection: String, _ key: String) throws -> Document?
  /// All documents of a collection, sorted by key (bytes of UTF-8).
  func documents(_ collection: String) throws -> [Document]
  /// The last number that `next` gave, 0 if none.
  func last(_ counter: String) throws -> Int64
}

/// A view that can also be changed.
public protocol Transaction: Reading {
  /// Writes a document and returns its revision.
  ///
  /// With `ifRevision` only if the document still has that revision (0: does not exist); otherwise throws
  /// `StaleRevision`.
  @discardableResult
  func write(_ collection: String, _ key: String, _ body: String, ifRevision: Int64?) throws -> Int64
  /// Removes a document and returns whether it was there; with `ifRevision` as in `write`.
  @discardableResult
  func delete(_ collection: String, _ key: String, ifRevision: Int64?) throws -> Bool
  /// The next number of a counter, from 1 on; no number is ever given twice.
  func next(_ counter: String) throws -> Int64
}

extension Transaction {
  /// Writes a document whatever its revision.
  @discardableResult
  public func write(_ collection: String, _ key: String, _ body: String) throws -> Int64 {
    try write(collection, key, body, ifRevision: nil)
  }

  /// Removes a document whatever its revision.
  @discardableResult
  public func delete(_ collection: String, _ key: String) throws -> Bool {
    try delete(collection, key, ifRevision: nil)
  }
}

/// The document was changed by somebody else since it was read: read it again and decide anew.
public struct StaleRevision: Error, Hashable, Sendable {
  /// Where the document stands.
  public var collection: String
  /// Its key there.
  public var key: String
  /// What the writer had read; 0 is none.
  public var expected: Int64
  /// What the document has now; 0 is none.
  public var found: Int64

  /// Revisions are 0 where there is no document.
  public init(collection: String, key: String, expected: Int64, found: Int64) {
    self.collection = collection
    self.key = key
    self.expected = expected
    self.found = found
  }
}
