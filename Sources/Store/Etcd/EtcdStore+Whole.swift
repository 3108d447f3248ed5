import Dispatch
import Synchronization

/// Reading everything, as who begins to lead must.
extension EtcdStore {
  /// Keys from `start` on that are before `end`.
  struct KeyRange: Sendable {
    var start, end: [UInt8]

    init(from start: [UInt8], to end: [UInt8]) { (self.start, self.end) = (start, end) }
    init(prefix: [UInt8]) { self.init(from: prefix, to: EtcdKeys.end(of: prefix)) }
  }

  private typealias Placed = (collection: [UInt8], document: Document)

  /// So many documents are fetched and decoded by one thread.
  private static let partSize = 1000

  /// All documents at a revision; parts of them are fetched and decoded at once.
  func whole(at revision: Int64) throws -> Snapshot {
    let parts = try parts(at: revision)
    let found = Mutex([Result<[Placed], any Error>](repeating: .success([]), count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { number in
      let result = Result { try documents(parts[number], at: revision) }
      found.withLock { $0[number] = result }
    }
    var snapshot = Snapshot()
    for part in found.withLock({ $0 }) {
      for (collection, document) in try part.get() { snapshot.put(collection, document) }
    }
    return snapshot
  }

  /// Cuts the documents' keys into ranges of about equal size, in order.
  private func parts(at revision: Int64) throws -> [KeyRange] {
    let all = KeyRange(prefix: keys.documents)
    let found = try list(all, at: revision)
    let cuts = stride(from: Self.partSize, to: found.count, by: Self.partSize).map { found[$0] }
    return zip([all.start] + cuts, cuts + [all.end]).map { KeyRange(from: $0, to: $1) }
  }

  private func documents(_ part: KeyRange, at revision: Int64) throws -> [Placed] {
    var documents: [Placed] = []
    try pages(part, at: revision) { answer in
      for found in answer.kvs ?? [] {
        guard let place = keys.parts([UInt8](found.key)) else { continue }
        documents.append((place.collection, try EtcdValue.document(place.key, found.bytes)))
      }
    }
    return documents
  }
}
