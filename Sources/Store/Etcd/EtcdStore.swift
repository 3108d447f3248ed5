import FoundationEssentials
import Quantities
import Synchronization

/// The store in etcd, for several controllers of which one leads.
///
/// With a leadership, only its leader writes: every commit compares the leader's key, so that one who lost it cannot
/// write (`lost-leadership`), and the leader reads from memory. Without, every transaction and read looks first whether
/// others have changed anything; writing is refused while somebody leads (`state-led`), and a transaction's body runs
/// again where another writer came first. A transaction of any size is all or nothing.
///
/// Safe to use from any thread. Every reader sees a state that was committed when it asked.
public final class EtcdStore: Store {
  /// Largest document in bytes, with its key; etcd takes requests of 1.5 MiB at most.
  public static let documentLimit = 1_000_000
  /// Version of the keys' layout that this program writes.
  static let version: Int64 = 1

  let cluster: EtcdCluster
  let keys: EtcdKeys
  let leadership: EtcdLeadership?
  /// Lets one writer through.
  let turn = Turn()
  /// Lets one thread load what changed.
  let loading = Turn()
  let cache = Mutex(Cache())
  /// Revision in which the key of the format was made; another one is another store.
  let format = Mutex<Int64>(0)

  /// What is known of the state in etcd.
  struct Cache: Sendable {
    var snapshot: Snapshot?
    /// In which term of leadership it was made exact; nil: it must be compared before use.
    var term: Int64?
    /// A commit without an answer may still be done.
    var isDoubtful = false
    /// Commits since etcd's history was cut last.
    var commits = 0
  }

  /// Opens the store below `prefix`, or makes it.
  ///
  /// Throws `Problem`: `state-too-new`, `state-foreign`, `etcd-…`.
  public init(cluster: EtcdCluster, prefix: String = "/virtcloud", leadership: EtcdLeadership? = nil) throws {
    self.cluster = cluster
    keys = EtcdKeys(prefix)
    self.leadership = leadership
    do { try checkFormat() } catch { throw Self.problem(error) }
  }

  /// As `Store.transaction`: without a leadership `body` may run again. Throws also `lost-leadership`, `state-led`,
  /// `commit-unknown`.
  @discardableResult
  public func transaction<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try turn.take {
      // In a store without a leader another writer may come first; then the body decides anew.
      for attempt in 0..<200 {
        let view = EtcdView(try current(toWrite: true))
        let result = try body(view)
        if view.isEmpty { return result }
        do {
          try commit(view)
          return result
        } catch is Conflict {
          if attempt > 2 { Pause.sleep(milliseconds: .random(in: 1...10)) }
        } catch {
          throw Self.problem(error)
        }
      }
      throw EtcdProblem.busy()
    }
  }

  /// As `Store.read`: a leader reads from memory, others ask etcd first.
  public func read<Result>(_ body: (any Reading) throws -> Result) throws -> Result {
    try body(EtcdView(try current(toWrite: false)))
  }

  /// Forgets what is in memory: the next use reads everything from etcd.
  func forget() {
    cache.withLock {
      $0.snapshot = nil
      $0.term = nil
    }
  }

  /// Another writer was first.
  struct Conflict: Error {}

  /// The present state: from memory where this process leads, else compared with etcd's.
  private func current(toWrite: Bool) throws -> Snapshot {
    let term = leadership?.term
    if toWrite, leadership != nil, term == nil { throw EtcdProblem.lostLeadership(leadership?.leader) }
    if let term {
      let known = cache.withLock { $0.term == term && !$0.isDoubtful ? $0.snapshot : nil }
      if let known { return known }
    }
    do {
      return try loading.take {
        if let term, let known = cache.withLock({ $0.term == term && !$0.isDoubtful ? $0.snapshot : nil }) {
          return known
        }
        return try load(term: term, toWrite: toWrite)
      }
    } catch {
      throw Self.problem(error)
    }
  }

  /// What a user can be told.
  static func problem(_ error: any Error) -> any Error {
    switch error {
    case let failure as EtcdCluster.NoAnswer: failure.problem
    case let refusal as EtcdCluster.Refusal: EtcdProblem.refused(refusal.message)
    default: error
    }
  }

  private struct Format: Codable {
    var application = "virtcloud"
    var version = EtcdStore.version
  }

  private func checkFormat() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let own = [UInt8](try encoder.encode(Format()))
    let answer = try cluster.transaction(
      [.created(keys.format, 0)], [.range(keys.all)], else: [.range(keys.format)], timeout: .seconds(5))
    if answer.succeeded == true {
      let others = try cluster.range(Etcd.Range(keys.all, end: EtcdKeys.end(of: keys.all), limit: 2))
      // A candidate may stand there before the store does.
      if others.kvs?.contains(where: { [UInt8]($0.key) != keys.leader && [UInt8]($0.key) != keys.format }) == true {
        throw EtcdProblem.foreign(keys.prefix)
      }
      _ = try cluster.transaction([.created(keys.format, 0)], [.put(keys.format, own)], timeout: .seconds(5))
      return try checkVersion(try cluster.range(Etcd.Range(keys.format)).kvs?.first)
    }
    try checkVersion(answer.found(0))
  }

  private func checkVersion(_ found: Etcd.KeyValue?) throws {
    guard let found, let format = try? JSONDecoder().decode(Format.self, from: Data(found.bytes)),
      format.application == Format().application
    else { throw EtcdProblem.foreign(keys.prefix) }
    if format.version > Self.version { throw EtcdProblem.tooNew(format.version, Self.version, keys.prefix) }
    self.format.withLock { $0 = found.created }
  }
}
