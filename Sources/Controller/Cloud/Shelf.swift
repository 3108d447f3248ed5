import Algorithms
import Quantities
import Store

/// One collection of documents in memory, which knows what of it has changed since it was last written.
///
/// A value whose copies share what they have in common, so that a change can be tried on a copy.
struct Shelf<Key: Hashable & Sendable & CustomStringConvertible, Value: Hashable & Sendable>: Sendable {
  private var items = BucketedDictionary<Key, Value>()
  /// Keys whose value was set or removed since `saved`.
  private(set) var unsaved: Set<Key> = []
  /// What was changed since `booked`, as it was then; nil was not there.
  private(set) var unbooked: [Key: Value?] = [:]

  init() {}

  subscript(key: Key) -> Value? {
    get { items[key] }
    _modify {
      unsaved.insert(key)
      if unbooked[key] == nil { unbooked[key] = .some(items[key]) }
      yield &items[key]
    }
  }

  var count: Int { items.count }
  var isEmpty: Bool { items.isEmpty }
  /// In no order.
  var keys: [Key] { items.keys }
  /// In no order.
  var values: [Value] { items.values }

  /// Puts in what the store holds already.
  mutating func load(_ value: Value, _ key: Key) { items[key] = value }

  mutating func saved() { unsaved = [] }
  mutating func booked() { unbooked = [:] }

  /// Takes out what `isKept` refuses.
  mutating func keep(where isKept: (Key, Value) -> Bool) {
    for (key, value) in items where !isKept(key, value) { self[key] = nil }
  }
}

extension Shelf where Value: Codable {
  /// Writes what changed as documents of `collection`.
  func write(to transaction: any Transaction, _ collection: DocumentCollection<Value>) throws {
    for key in unsaved {
      if let value = items[key] {
        try collection.write(value, key.description, in: transaction)
      } else {
        try collection.delete(key.description, in: transaction)
      }
    }
  }
}

extension Shelf: Sequence {
  func makeIterator() -> BucketedDictionary<Key, Value>.Iterator { items.makeIterator() }
}

extension Shelf: Hashable {
  /// Whether the same is kept; what has been written does not count.
  static func == (a: Shelf, b: Shelf) -> Bool { a.items == b.items }
  func hash(into hasher: inout Hasher) { hasher.combine(items) }
}
