/// All documents and counters at one moment.
///
/// Names and keys are bytes, for Swift's texts are equal where Unicode says so, and a store's keys are not.
struct Snapshot: Sendable {
  /// Documents of each collection, sorted by the bytes of their keys.
  private(set) var collections: [[UInt8]: [Document]] = [:]
  private(set) var counters: [[UInt8]: Int64] = [:]
  /// Number of documents.
  private(set) var count = 0
  /// Revision of etcd at which it is complete.
  var revision: Int64 = 0
  /// Revision at which the last transaction was committed; 0 for none.
  var committed: Int64 = 0

  func document(_ collection: [UInt8], _ key: String) -> Document? {
    let place = place(collection, key)
    return place.isThere ? collections[collection]?[place.index] : nil
  }

  mutating func put(_ collection: [UInt8], _ document: Document) {
    let place = place(collection, document.key)
    if place.isThere {
      collections[collection]?[place.index] = document
    } else {
      collections[collection, default: []].insert(document, at: place.index)
      count += 1
    }
  }

  mutating func remove(_ collection: [UInt8], _ key: String) {
    let place = place(collection, key)
    guard place.isThere else { return }
    count -= 1
    collections[collection]?.remove(at: place.index)
    if collections[collection]?.isEmpty == true { collections[collection] = nil }
  }

  mutating func set(_ counter: [UInt8], _ value: Int64) { counters[counter] = value }

  mutating func removeCounter(_ name: [UInt8]) { counters[name] = nil }

  /// Drops the documents of which `isThere` says no.
  mutating func keep(_ isThere: ([UInt8], Document) -> Bool) {
    for (name, documents) in collections {
      let kept = documents.filter { isThere(name, $0) }
      count -= documents.count - kept.count
      collections[name] = kept.isEmpty ? nil : kept
    }
  }

  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Index of the first document whose key is not before `key`, and whether it has that key.
  ///
  /// A function of its own, so that nobody holds the array when it is changed, for then it would be copied.
  private func place(_ collection: [UInt8], _ key: String) -> (index: Int, isThere: Bool) {
    guard let documents = collections[collection] else { return (0, false) }
    // Loading comes in order: nearly always the new one is the last.
    if let last = documents.last, Self.precedes(last.key, key) { return (documents.count, false) }
    var low = 0
    var high = documents.count
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(documents[middle].key, key) { low = middle + 1 } else { high = middle }
    }
    return (low, low < documents.count && documents[low].key.utf8.elementsEqual(key.utf8))
  }
}
