import Dispatch
import FoundationEssentials
import Quantities
import Synchronization

/// The typed view of a collection: values go in and out as JSON.
public struct DocumentCollection<Value: Codable & Sendable>: Sendable {
  /// Name of the collection in the store.
  public let name: String

  /// The collection of that name; nothing is read yet.
  public init(_ name: String) {
    self.name = name
  }

  /// The value and its revision, or nil.
  public func value(_ key: String, in view: any Reading) throws -> (value: Value, revision: Int64)? {
    try view.document(name, key).map { (try decode($0), $0.revision) }
  }

  /// All values with their keys, sorted by key; where there are many, all cores decode them. Throws `Problem`
  /// `state-unreadable` for the first that makes no sense.
  public func all(in view: any Reading) throws -> [(key: String, value: Value, revision: Int64)] {
    let documents = try view.documents(name)
    return zip(documents, try decode(documents)).map { ($0.key, $1, $0.revision) }
  }

  /// Writes a value; see `Transaction.write`.
  @discardableResult
  public func write(
    _ value: Value, _ key: String, in transaction: any Transaction, ifRevision: Int64? = nil
  ) throws -> Int64 {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = String(decoding: try encoder.encode(value), as: UTF8.self)
    return try transaction.write(name, key, body, ifRevision: ifRevision)
  }

  /// Removes a value; see `Transaction.delete`.
  @discardableResult
  public func delete(_ key: String, in transaction: any Transaction, ifRevision: Int64? = nil) throws -> Bool {
    try transaction.delete(name, key, ifRevision: ifRevision)
  }

  /// So many documents are decoded by one thread in one go.
  private static var batch: Int { 64 }

  private func decode(_ documents: [Document]) throws -> [Value] {
    let count = (documents.count + Self.batch - 1) / Self.batch
    let parts = Mutex([Result<[Value], any Error>](repeating: .success([]), count: count))
    DispatchQueue.concurrentPerform(iterations: count) { number in
      let part = documents[number * Self.batch..<min((number + 1) * Self.batch, documents.count)]
      let result = Result { try part.map { try decode($0) } }
      parts.withLock { $0[number] = result }
    }
    return try parts.withLock { try $0.flatMap { try $0.get() } }
  }

  private func decode(_ document: Document) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(document.body.utf8))
    } catch {
      throw Problem(
        .failed, "state-unreadable", "The stored document '\(name)/\(document.key)' makes no sense: \(error).",
        remedy: "Use the version of VirtCloud that wrote it.")
    }
  }
}
