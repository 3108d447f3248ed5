import Quantities

/// Making changes durable, all or none, and knowing which.
extension EtcdStore {
  /// Commits what a transaction changed. Throws `Conflict` where another writer came first.
  func commit(_ view: EtcdView) throws {
    let edits = view.edits(keys)
    for edit in edits where edit.size > Self.documentLimit {
      throw EtcdProblem.tooLarge(String(decoding: edit.key, as: UTF8.self), edit.size, Self.documentLimit)
    }
    let before = view.committed
    let term = leadership?.term
    if leadership != nil, term == nil { throw EtcdProblem.lostLeadership(leadership?.leader) }
    view.release()
    let name = Self.uniqueName()
    let parts = EtcdJournal.parts(edits)
    if parts.count == 1 {
      let revision = try put(name, after: before, fence: term ?? 0, parts[0].map(\.operation))
      try remember(edits, after: before, committed: revision)
    } else {
      try commitLarge(name, edits, after: before, fence: term ?? 0)
    }
    cutHistory(term)
  }

  /// First the parts, then one small transaction that makes them count, then the documents themselves.
  private func commitLarge(_ name: String, _ edits: [EtcdEdit], after before: Int64, fence: Int64) throws {
    let chunks = EtcdJournal.parts(edits, editLimit: 4096)
    do {
      for (number, chunk) in chunks.enumerated() {
        let put = Etcd.Operation.put(keys.chunk(name, number), try EtcdJournal.bytes(chunk))
        try patiently(fence) { try self.guarded(self.compare(before, fence), [put]) }
      }
      let head = Etcd.Operation.put(keys.pending, Array("\(name) \(chunks.count)".utf8))
      let revision = try self.put(name, after: before, fence: fence, [head])
      try remember(edits, after: before, committed: revision)
    } catch let conflict as Conflict {
      // Nobody will look for these parts, so whoever made them takes them away; a leader sweeps anyway.
      let prefix = keys.journal + Array("\(name)/".utf8)
      _ = try cluster.transaction([], [.delete(prefix, end: EtcdKeys.end(of: prefix))])
      throw conflict
    }
    // From here it counts. If etcd fails now, the next writer carries it out.
    do {
      try carryOut(name, edits)
    } catch {
      cache.withLock { $0.term = nil }
    }
  }

  /// Writes a pending transaction's edits and takes it away; harmless where another does the same.
  func carryOut(_ name: String, _ edits: [EtcdEdit]) throws {
    guard let head = try cluster.range(Etcd.Range(keys.pending)).kvs?.first, head.text.hasPrefix("\(name) ") else {
      return
    }
    let isPending = Etcd.Compare.value(keys.pending, head.bytes)
    for part in EtcdJournal.parts(edits) {
      let answer = try cluster.transaction([isPending], part.map(\.operation))
      if answer.succeeded != true { return }
    }
    let prefix = keys.journal + Array("\(name)/".utf8)
    _ = try cluster.transaction(
      [isPending], [.delete(keys.pending), .delete(prefix, end: EtcdKeys.end(of: prefix))])
  }

  /// Takes away the parts of transactions that never counted; for a leader, whom nobody else can be writing beside.
  func sweep(_ term: Int64) throws {
    _ = try cluster.transaction(
      [.created(keys.leader, term), .created(keys.pending, 0)],
      [.delete(keys.journal, end: EtcdKeys.end(of: keys.journal))])
  }

  /// One transaction of etcd that counts only if none came since `before` and the leader is who it was.
  ///
  /// It may be sent again and again: all but the first fail the comparison. Returns its revision.
  private func put(
    _ name: String, after before: Int64, fence: Int64, _ operations: [Etcd.Operation]
  ) throws -> Int64 {
    let marker = Etcd.Operation.put(keys.commit, Array(name.utf8))
    return try patiently(fence) { wasUnsure in
      let answer = try self.cluster.transaction(
        self.compare(before, fence), operations + [marker],
        else: [.range(self.keys.commit), .range(self.keys.leader), .range(self.keys.pending)])
      if answer.succeeded == true { return answer.revision }
      if let found = answer.found(0), found.text == name { return found.modified }
      return try self.refused(answer, name, after: before, fence: fence, wasUnsure)
    }
  }

  private func compare(_ before: Int64, _ fence: Int64) -> [Etcd.Compare] {
    [.created(keys.leader, fence), .modified(keys.commit, before), .created(keys.pending, 0)]
  }

  private func guarded(_ compare: [Etcd.Compare], _ operations: [Etcd.Operation]) throws {
    let answer = try cluster.transaction(compare, operations, else: [.range(keys.commit), .range(keys.leader)])
    if answer.succeeded == true { return }
    throw fenceProblem(answer, compare) ?? Conflict()
  }

  private func fenceProblem(_ answer: Etcd.TransactionAnswer, _ compare: [Etcd.Compare]) -> (any Error)? {
    let leader = answer.found(1)
    if String(leader?.created ?? 0) == compare[0].createRevision { return nil }
    return fenceProblem(leader)
  }

  private func fenceProblem(_ leader: Etcd.KeyValue?) -> Problem {
    let known = leader.flatMap { EtcdLeadership.leader($0) }
    guard leadership != nil else { return EtcdProblem.led(by: known?.name ?? "?") }
    leadership?.lose()
    return EtcdProblem.lostLeadership(known)
  }

  /// Why the comparison failed, unless an earlier attempt had been done and others came after it.
  private func refused(
    _ answer: Etcd.TransactionAnswer, _ name: String, after before: Int64, fence: Int64, _ wasUnsure: Bool
  ) throws -> Int64 {
    if wasUnsure, let revision = try revision(of: name, after: before) { return revision }
    let leader = answer.found(1)
    if (leader?.created ?? 0) != fence { throw fenceProblem(leader) }
    cache.withLock { $0.term = nil }
    throw Conflict()
  }

  /// Looks through etcd's history for a transaction; nil where it was not done (and, refused once, never will be).
  private func revision(of name: String, after before: Int64) throws -> Int64? {
    var revision: Int64?
    do {
      for _ in 0..<10_000 {
        guard let found = try cluster.range(Etcd.Range(keys.commit, revision: revision)).kvs?.first else { return nil }
        if found.text == name { return found.modified }
        if found.modified <= before { return nil }
        revision = found.modified - 1
      }
    } catch is EtcdCluster.Refusal {
      // The history is cut already.
    }
    throw EtcdProblem.unknownOutcome()
  }

  private func patiently(_ fence: Int64, _ attempt: () throws -> Void) throws {
    try patiently(fence) { _ in try attempt() }
  }

  /// Repeats while etcd gives no answer: for 10 s, or as long as this process leads.
  ///
  /// `attempt` hears whether an earlier one may have been done. Throws `commit-unknown` where that stays open.
  private func patiently<Value>(_ fence: Int64, _ attempt: (Bool) throws -> Value) throws -> Value {
    let end = ContinuousClock.now + .seconds(10)
    var isUnsure = false
    while true {
      do {
        return try attempt(isUnsure)
      } catch let failure as EtcdCluster.NoAnswer {
        isUnsure = isUnsure || failure.mayBeDone
        let isOver = fence == 0 ? ContinuousClock.now > end : leadership?.term != fence
        if isOver {
          guard isUnsure else { throw failure }
          cache.withLock { $0.isDoubtful = true }
          throw EtcdProblem.unknownOutcome()
        }
        Pause.sleep(milliseconds: 50)
      }
    }
  }

  /// Sees to it that a commit without an answer is either done or never will be: one that is still on its way will
  /// find that another came first, or that the leader is another.
  func makeCertain(_ term: Int64?) throws {
    for _ in 0..<20 {
      let found = try cluster.range(Etcd.Range(keys.commit)).kvs?.first
      let answer = try cluster.transaction(
        [.created(keys.leader, term ?? 0), .modified(keys.commit, found?.modified ?? 0)],
        [.put(keys.commit, Array(Self.uniqueName().utf8))], else: [.range(keys.leader)])
      if answer.succeeded == true || (answer.found(0)?.created ?? 0) != term ?? 0 {
        return cache.withLock { $0.isDoubtful = false }
      }
    }
    throw EtcdProblem.busy()
  }

  /// Brings the copy in memory to what was committed, unless a reader has loaded it since.
  private func remember(_ edits: [EtcdEdit], after before: Int64, committed: Int64) throws {
    try cache.withLock { cache in
      cache.commits += 1
      guard cache.snapshot?.committed == before else { return }
      for edit in edits { try cache.snapshot?.apply(edit, keys) }
      cache.snapshot?.committed = committed
      let known = cache.snapshot?.revision ?? 0
      cache.snapshot?.revision = max(known, committed)
    }
  }

  /// Keeps etcd's database from growing with every commit: the leader drops all but the latest history.
  ///
  /// The latest stays for whoever must look a commit up. A failure does no harm: the next time drops more.
  private func cutHistory(_ term: Int64?) {
    let revision: Int64? = cache.withLock { cache in
      guard term != nil, cache.commits >= 5000, let revision = cache.snapshot?.revision else { return nil }
      cache.commits = 0
      return revision - 2000
    }
    guard let revision, revision > 0 else { return }
    let request = Etcd.Compaction(revision: String(revision))
    let _: Etcd.Plain? = try? cluster.call("/v3/kv/compaction", request)
  }

  private static func uniqueName() -> String {
    String(UInt64.random(in: 1 ... .max), radix: 16) + String(UInt64.random(in: 1 ... .max), radix: 16)
  }
}
