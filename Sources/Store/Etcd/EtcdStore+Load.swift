import FoundationEssentials
import Quantities

/// Bringing the copy in memory up to date.
extension EtcdStore {
  /// Makes the cache exact and returns it; with a term, it stays exact while that lasts.
  ///
  /// Whoever writes finishes first what another began: a large transaction that was committed but not carried out.
  func load(term: Int64?, toWrite: Bool) throws -> Snapshot {
    if toWrite || term != nil, cache.withLock({ $0.isDoubtful }) { try makeCertain(term) }
    for _ in 0..<20 {
      do {
        let old = cache.withLock { $0.snapshot }
        let (snapshot, pending) = try refresh(old)
        if toWrite || term != nil, let pending {
          try carryOut(pending.name, pending.edits)
        }
        if let term { try sweep(term) }
        return cache.withLock { cache in
          // A commit of our own may have come in between.
          let newer = cache.snapshot.flatMap { $0.revision > snapshot.revision ? $0 : nil } ?? snapshot
          cache.snapshot = newer
          cache.term = term
          return newer
        }
      } catch let refusal as EtcdCluster.Refusal where refusal.message.contains("compacted") {
        // etcd dropped the revision that was being read; what is there now is read from the beginning.
        cache.withLock { $0.snapshot = nil }
      }
    }
    throw EtcdProblem.busy()
  }

  /// A large transaction that counts but is not carried out.
  struct Pending {
    var name: String
    var edits: [EtcdEdit]
  }

  private func refresh(_ old: Snapshot?) throws -> (Snapshot, Pending?) {
    let marker = try cluster.transaction([], [.range(keys.commit), .range(keys.format), .range(keys.pending)])
    let made = marker.found(1)?.created ?? 0
    if made != format.withLock({ $0 }) || marker.revision < old?.revision ?? 0 {
      throw EtcdProblem.setBack(keys.prefix)
    }
    let committed = marker.found(0)?.modified ?? 0
    let pending = try pending(marker.found(2), at: marker.revision)
    if var old, old.committed == committed, pending == nil {
      old.revision = max(old.revision, marker.revision)
      return (old, nil)
    }
    var snapshot = try old ?? whole(at: marker.revision)
    let since = old.map { $0.revision + 1 }
    for prefix in old == nil ? [keys.counters] : [keys.documents, keys.counters] {
      try pages(KeyRange(prefix: prefix), at: marker.revision, since: since) { answer in
        for found in answer.kvs ?? [] { try snapshot.apply(found.edit, keys) }
      }
    }
    if old != nil { try prune(&snapshot, at: marker.revision) }
    for edit in pending?.edits ?? [] { try snapshot.apply(edit, keys) }
    snapshot.revision = marker.revision
    snapshot.committed = committed
    return (snapshot, pending)
  }

  /// Drops what was deleted since: a range by revision tells only of what is there.
  private func prune(_ snapshot: inout Snapshot, at revision: Int64) throws {
    let documents = Set(try list(KeyRange(prefix: keys.documents), at: revision))
    snapshot.keep { documents.contains(keys.document($0, Array($1.key.utf8))) }
    let counters = Set(try list(KeyRange(prefix: keys.counters), at: revision))
    for name in snapshot.counters.keys where !counters.contains(keys.counter(name)) { snapshot.removeCounter(name) }
  }

  /// The keys alone.
  func list(_ range: KeyRange, at revision: Int64) throws -> [[UInt8]] {
    var request = Etcd.Range(range.start, end: range.end, revision: revision)
    request.keysOnly = true
    let answer: Etcd.KeyList = try cluster.call("/v3/kv/range", request, timeout: .seconds(10))
    return (answer.kvs ?? []).map { [UInt8]($0.key) }
  }

  /// Reads all keys of a range, or those that have changed since a revision, some MiB at a time.
  func pages(
    _ range: KeyRange, at revision: Int64, since: Int64? = nil, _ body: (Etcd.RangeAnswer) throws -> Void
  ) throws {
    var key = range.start
    // Documents may have a megabyte or a hundred bytes; the first page tells.
    var limit = 64
    while true {
      let answer = try cluster.range(
        Etcd.Range(key, end: range.end, limit: limit, revision: revision, since: since))
      try body(answer)
      guard answer.more == true, let last = answer.kvs?.last else { return }
      key = [UInt8](last.key) + [0]
      let bytes = (answer.kvs ?? []).reduce(1) { $0 + $1.key.count + ($1.value?.count ?? 0) }
      limit = min(4096, max(16, (4 << 20) / max(1, bytes / limit)))
    }
  }

  /// The edits of the large transaction that was committed but not carried out, if there is one.
  private func pending(_ found: Etcd.KeyValue?, at revision: Int64) throws -> Pending? {
    guard let found else { return nil }
    let words = found.text.split(separator: " ")
    guard words.count == 2, let count = Int(words[1]), count >= 0 else {
      throw EtcdProblem.damaged(String(decoding: keys.pending, as: UTF8.self))
    }
    let name = String(words[0])
    let edits = try (0..<count).flatMap { number in
      let key = keys.chunk(name, number)
      guard let chunk = try cluster.range(Etcd.Range(key, revision: revision)).kvs?.first else {
        throw EtcdProblem.damaged(String(decoding: key, as: UTF8.self))
      }
      return try EtcdJournal.edits(chunk.bytes, key: key)
    }
    return Pending(name: name, edits: edits)
  }
}

extension Etcd.KeyValue {
  /// What would make this key as it is.
  var edit: EtcdEdit { EtcdEdit(key: [UInt8](key), value: bytes) }
}
