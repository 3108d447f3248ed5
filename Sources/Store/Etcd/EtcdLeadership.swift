import FoundationEssentials
import Glibc
import Quantities
import Synchronization
import WebClient

/// Leadership by a key in etcd that lives as long as its holder keeps a lease alive.
///
/// Candidates wait for the key to go (a watch, and a look each second) and the first to make it leads. The revision in
/// which the key was made is the term: commits compare it, which fences off whoever led before. The leader believes in
/// itself only for the lease's time, less a tenth for clocks that run differently, counted from before it asked for
/// the last prolongation; so it stops believing before etcd can let anybody else in. Safe to use from any thread.
public final class EtcdLeadership: Leadership {
  let core: LeadershipCore

  /// Becomes a candidate for the store below `prefix`; threads of its own do the rest.
  ///
  /// `timeToLive` is the lease's, in whole seconds; etcd gives 2 s at least. After a leader's sudden end another leads
  /// within that time and about a second. Throws `Problem` `curl-failed` where no thread can be had.
  public convenience init(
    cluster: EtcdCluster, prefix: String = "/virtcloud", candidate: Leader, timeToLive: Duration = .seconds(3)
  ) throws {
    try self.init(
      cluster: cluster, prefix: prefix, candidate: candidate, timeToLive: timeToLive, clock: Self.sinceBoot)
  }

  /// Nanoseconds since the machine began, its sleep included (`CLOCK_BOOTTIME`): etcd's lease does not sleep with it.
  @Sendable private static func sinceBoot() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// For tests, with a clock that may stand still.
  init(
    cluster: EtcdCluster, prefix: String, candidate: Leader, timeToLive: Duration,
    clock: @escaping @Sendable () -> UInt64
  ) throws {
    let core = LeadershipCore(cluster, EtcdKeys(prefix).leader, candidate, timeToLive, clock)
    self.core = core
    try ServiceThread.start("etcd-leader") { core.keep() }
    try ServiceThread.start("etcd-watch") { core.watch() }
  }

  deinit { core.stop() }

  /// As `Leadership.isLeader`: false before etcd can let anybody else in.
  public var isLeader: Bool { term != nil }
  /// As etcd said last; nil where this process has ceased to believe in itself.
  public var leader: Leader? { core.leader }
  /// As `Leadership.onChange`, on the thread that keeps the lease: it must be short.
  public func onChange(_ handler: @escaping @Sendable (Bool, Leader?) -> Void) { core.add(handler) }
  /// Takes the lease back, waiting for each member up to 2 s; where it does not answer the lease ends by itself.
  public func resign() { core.resign() }

  /// The present term, or nil where this process does not lead. Between two times with the same term nobody else led.
  public var term: Int64? { core.term }

  /// etcd has said that somebody else leads.
  func lose() { core.lose() }

  /// Waits until this process leads; false after `patience`. Blocks the calling thread.
  public func waitUntilLeader(_ patience: Duration) -> Bool {
    let end = ContinuousClock.now + patience
    while !isLeader {
      if ContinuousClock.now > end { return false }
      Pause.sleep(milliseconds: 5)
    }
    return true
  }

  static func leader(_ found: Etcd.KeyValue) -> Leader? {
    try? JSONDecoder().decode(Leader.self, from: Data(found.bytes))
  }
}
