/// A dictionary whose copies share what they have in common: changing one entry of a copy costs one bucket, not all.
///
/// For values that are copied before each change, as in transactions that may be taken back. Reading costs one
/// more step than in `Dictionary`. The number of buckets is fixed: good for up to some 100,000 entries.
public struct BucketedDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private static var bucketCount: Int { 512 }
  private var buckets: [[Key: Value]]
  /// Number of entries.
  public private(set) var count = 0

  /// Empty.
  public init() { buckets = Array(repeating: [:], count: Self.bucketCount) }

  public var isEmpty: Bool { count == 0 }

  /// The key's value; nil where it has none. Setting nil removes it.
  public subscript(key: Key) -> Value? {
    get { buckets[bucket(key)][key] }
    _modify {
      let index = bucket(key)
      let before = buckets[index].count
      defer { count += buckets[index].count - before }
      yield &buckets[index][key]
    }
  }

  /// The key's value, or what is given.
  public subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
    get { self[key] ?? value() }
    set { self[key] = newValue }
  }

  /// In no order.
  public var keys: [Key] { buckets.flatMap(\.keys) }
  /// In no order.
  public var values: [Value] { buckets.flatMap(\.values) }

  private func bucket(_ key: Key) -> Int { key.hashValue & (Self.bucketCount - 1) }
}

extension BucketedDictionary: Sequence {
  /// A key and its value.
  public typealias Element = (key: Key, value: Value)

  /// Goes through all entries, in no order.
  public struct Iterator: IteratorProtocol {
    fileprivate var buckets: [[Key: Value]].Iterator
    fileprivate var bucket: [Key: Value].Iterator?

    /// The next entry; nil at the end.
    public mutating func next() -> Element? {
      while true {
        if let found = bucket?.next() { return (found.key, found.value) }
        // Most buckets of a small dictionary are empty.
        guard let next = buckets.next() else { return nil }
        bucket = next.isEmpty ? nil : next.makeIterator()
      }
    }
  }

  public func makeIterator() -> Iterator { Iterator(buckets: buckets.makeIterator(), bucket: nil) }
}

extension BucketedDictionary: Equatable where Value: Equatable {}
extension BucketedDictionary: Hashable where Value: Hashable {}
