/// A snapshot, and over it what a transaction wants to change.
///
/// Used by the thread of the closure alone.
final class EtcdView: ArchiveTransaction {
  /// Counter from which every document's revision comes, as in SQLite.
  private static let revisions = "revision"

  private var base: Snapshot
  /// Nil where a document is to go.
  private(set) var changes: [[UInt8]: [[UInt8]: Document?]] = [:]
  private(set) var counted: [[UInt8]: Int64] = [:]
  /// Nothing of the base counts any more.
  private(set) var isCleared = false

  /// Revision of the commit on which all this stands.
  let committed: Int64

  init(_ base: Snapshot) {
    self.base = base
    committed = base.committed
  }

  /// True where the transaction changed nothing.
  var isEmpty: Bool { changes.isEmpty && counted.isEmpty && !isCleared }

  func document(_ collection: String, _ key: String) throws -> Document? {
    let name = Array(collection.utf8)
    if let change = changes[name]?[Array(key.utf8)] { return change }
    return isCleared ? nil : base.document(name, key)
  }

  func documents(_ collection: String) throws -> [Document] {
    let name = Array(collection.utf8)
    let before = isCleared ? [] : base.collections[name] ?? []
    guard let changed = changes[name] else { return before }
    let kept = before.filter { changed[Array($0.key.utf8)] == nil }
    return (kept + changed.values.compactMap { $0 }).sorted { Snapshot.precedes($0.key, $1.key) }
  }

  func last(_ counter: String) throws -> Int64 {
    let name = Array(counter.utf8)
    return counted[name] ?? (isCleared ? 0 : base.counters[name] ?? 0)
  }

  func next(_ counter: String) throws -> Int64 {
    let number = try last(counter) + 1
    counted[Array(counter.utf8)] = number
    return number
  }

  func write(_ collection: String, _ key: String, _ body: String, ifRevision: Int64?) throws -> Int64 {
    try compare(collection, key, ifRevision)
    let revision = try next(Self.revisions)
    try restore(collection, Document(key: key, body: body, revision: revision))
    return revision
  }

  func delete(_ collection: String, _ key: String, ifRevision: Int64?) throws -> Bool {
    try compare(collection, key, ifRevision)
    guard try document(collection, key) != nil else { return false }
    changes[Array(collection.utf8), default: [:]][Array(key.utf8)] = .some(nil)
    return true
  }

  private func compare(_ collection: String, _ key: String, _ expected: Int64?) throws {
    guard let expected else { return }
    let found = try document(collection, key)?.revision ?? 0
    if found != expected { throw StaleRevision(collection: collection, key: key, expected: expected, found: found) }
  }

  func collections() throws -> [String] {
    let names = Set(changes.keys).union(isCleared ? [] : Array(base.collections.keys))
    return try names.map { String(decoding: $0, as: UTF8.self) }
      .filter { try !documents($0).isEmpty }.sorted(by: Snapshot.precedes)
  }

  func counters() throws -> [(name: String, value: Int64)] {
    let all = (isCleared ? [:] : base.counters).merging(counted) { $1 }
    return all.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
      .sorted { Snapshot.precedes($0.name, $1.name) }
  }

  func removeAll() throws {
    changes = [:]
    counted = [:]
    isCleared = true
  }

  func restore(_ collection: String, _ document: Document) throws {
    changes[Array(collection.utf8), default: [:]][Array(document.key.utf8)] = document
  }

  func restore(counter: String, _ value: Int64) throws { counted[Array(counter.utf8)] = value }

  /// What etcd has to do, in the order of the keys.
  func edits(_ keys: EtcdKeys) -> [EtcdEdit] {
    var edits: [[UInt8]: [UInt8]?] = [:]
    if isCleared {
      for (name, documents) in base.collections {
        for document in documents { edits[keys.document(name, Array(document.key.utf8))] = .some(nil) }
      }
      for name in base.counters.keys { edits[keys.counter(name)] = .some(nil) }
    }
    for (name, documents) in changes {
      for (key, document) in documents { edits[keys.document(name, key)] = .some(document.map(EtcdValue.bytes)) }
    }
    for (name, value) in counted { edits[keys.counter(name)] = Array(String(value).utf8) }
    return edits.map { EtcdEdit(key: $0.key, value: $0.value) }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  /// Lets go of the base, so that its next owner can change it without copying it.
  func release() { base = Snapshot() }
}

/// One key that gets a value, or goes.
struct EtcdEdit: Sendable {
  var key: [UInt8]
  /// Nil: it goes.
  var value: [UInt8]?

  var size: Int { key.count + (value?.count ?? 0) }

  var operation: Etcd.Operation { value.map { .put(key, $0) } ?? .delete(key) }
}

/// How a document stands in a value of etcd's: its revision, a line feed, its body.
enum EtcdValue {
  static func bytes(_ document: Document) -> [UInt8] {
    Array("\(document.revision)\n".utf8) + Array(document.body.utf8)
  }

  static func document(_ key: [UInt8], _ value: [UInt8]) throws -> Document {
    guard let feed = value.firstIndex(of: UInt8(ascii: "\n")),
      let revision = Int64(String(decoding: value[..<feed], as: UTF8.self))
    else { throw EtcdProblem.damaged(String(decoding: key, as: UTF8.self)) }
    return Document(
      key: String(decoding: key, as: UTF8.self), body: String(decoding: value[(feed + 1)...], as: UTF8.self),
      revision: revision)
  }
}
