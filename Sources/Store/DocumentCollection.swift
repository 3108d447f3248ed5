import FoundationEssentials
import Quantities

/// The typed view of a collection: values go in and out as JSON.
public struct DocumentCollection<Value: Codable>: Sendable {
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

  /// All values with their keys, sorted by key.
  public func all(in view: any Reading) throws -> [(key: String, value: Value, revision: Int64)] {
    try view.documents(name).map { ($0.key, try decode($0), $0.revision) }
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
