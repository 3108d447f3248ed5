import FoundationEssentials
import Quantities
import Synchronization
import WebClient

/// What a leadership's threads share with its users.
final class LeadershipCore: Sendable {
  typealias Handler = @Sendable (Bool, Leader?) -> Void

  private struct State {
    var lease: String?
    /// Revision in which our key was made.
    var term: Int64?
    /// Until when we may believe in it, by the clock.
    var end: UInt64 = 0
    /// Nanoseconds for which etcd gives leases.
    var granted: UInt64 = 0
    var leader: Leader?
    var isStopped = false
    /// For tests: the keeper does nothing more, as if the process were gone.
    var isSilent = false
    var handlers: [Handler] = []
    var told: (isLeader: Bool, leader: Leader?)?
  }
  private let cluster: EtcdCluster
  private let key: [UInt8]
  private let candidate: Leader
  private let seconds: Int64
  private let clock: @Sendable () -> UInt64
  private let state = Mutex(State())
  private let pause = Pause()
  private let interrupt = Interrupt()

  init(
    _ cluster: EtcdCluster, _ key: [UInt8], _ candidate: Leader, _ timeToLive: Duration,
    _ clock: @escaping @Sendable () -> UInt64
  ) {
    self.cluster = cluster
    self.key = key
    self.candidate = candidate
    seconds = max(1, timeToLive.components.seconds)
    self.clock = clock
  }

  var term: Int64? {
    let now = clock()
    return state.withLock { $0.isStopped || now >= $0.end ? nil : $0.term }
  }

  /// Who leads as far as is known; not ourselves where we have ceased to believe it.
  var leader: Leader? {
    let isLeader = term != nil
    return state.withLock { $0.isStopped || ($0.term != nil && !isLeader) ? nil : $0.leader }
  }

  func add(_ handler: @escaping Handler) {
    state.withLock {
      $0.handlers.append(handler)
      $0.told = nil
    }
    pause.end()
  }

  func lose() {
    state.withLock { $0.end = 0 }
    pause.end()
  }

  /// Ends the threads but not the belief: what a process looks like to itself that was stopped for a while.
  func goSilent() {
    state.withLock { $0.isSilent = true }
    interrupt.fire()
    pause.end()
  }

  /// Ends the threads and leaves the lease to its time, as a sudden end of the process would.
  func stop() {
    state.withLock { $0.isStopped = true }
    interrupt.fire()
    pause.end()
  }

  /// Ends the threads and the lease, which takes the key away with it.
  func resign() {
    let lease = state.withLock { $0.lease }
    stop()
    // Where etcd does not answer, the lease ends by itself.
    if let lease { let _: Etcd.Plain? = try? cluster.call("/v3/lease/revoke", Etcd.LeaseRequest(id: lease)) }
  }

  // The keeper's thread.

  /// Keeps the lease alive, or asks for leadership, until stopped.
  func keep() {
    while !state.withLock({ $0.isStopped || $0.isSilent }) {
      let isFine: Bool
      do {
        isFine = try term != nil ? prolong() : campaign()
      } catch {
        // etcd does not answer or refuses: the lease may end, and the next round asks again.
        isFine = false
      }
      tell()
      pause.wait(nanoseconds: wait(isFine))
    }
    tell()
  }

  private func wait(_ isFine: Bool) -> UInt64 {
    if !isFine { return 100_000_000 }
    let now = clock()
    return state.withLock { state in
      let isLeading = state.term != nil && now < state.end
      return isLeading ? max(state.granted, 1_000_000_000) / 3 : 1_000_000_000
    }
  }

  /// Time for one request, so that three fit into a lease.
  private var timeout: Duration { .seconds(seconds) / 4 }

  /// True where the lease goes on.
  private func prolong() throws -> Bool {
    guard let lease = state.withLock({ $0.lease }) else { return false }
    let begin = clock()
    let answer: Etcd.KeptAlive = try cluster.call(
      "/v3/lease/keepalive", Etcd.LeaseRequest(id: lease), timeout: timeout, interrupt: interrupt)
    let seconds = Etcd.number(answer.result?.ttl)
    state.withLock { state in
      if seconds > 0 {
        state.end = begin + Self.trusted(seconds)
      } else {
        state.lease = nil
        state.term = nil
        state.end = 0
      }
    }
    return seconds > 0
  }

  /// Nine tenths of a lease.
  private static func trusted(_ seconds: Int64) -> UInt64 { UInt64(seconds) * 900_000_000 }

  /// Looks who leads, and makes the key where nobody does. True where nothing is left to do but wait.
  private func campaign() throws -> Bool {
    let found: Etcd.RangeAnswer = try cluster.call(
      "/v3/kv/range", Etcd.Range(key), timeout: timeout, interrupt: interrupt)
    if let holder = found.kvs?.first {
      if let lease = state.withLock({ $0.lease }), holder.lease == lease {
        // Our own key, in which we had only ceased to believe.
        state.withLock { $0.term = holder.created }
        return try prolong()
      }
      follow(holder)
      return true
    }
    return try claim()
  }

  private func follow(_ holder: Etcd.KeyValue) {
    state.withLock { state in
      state.term = nil
      state.leader = EtcdLeadership.leader(holder)
    }
  }

  private func claim() throws -> Bool {
    state.withLock { $0.leader = nil }
    let begin = clock()
    let granted: Etcd.Lease = try cluster.call(
      "/v3/lease/grant", Etcd.LeaseRequest(ttl: String(seconds)), timeout: timeout, interrupt: interrupt)
    guard let lease = granted.id else { return false }
    let own = [UInt8](try JSONEncoder().encode(candidate))
    // Known before it is used: if the answer is lost, the key is recognised as ours by it.
    state.withLock {
      $0.lease = lease
      $0.granted = UInt64(max(1, Etcd.number(granted.ttl))) * 1_000_000_000
    }
    let answer: Etcd.TransactionAnswer = try cluster.call(
      "/v3/kv/txn",
      Etcd.Transaction(
        compare: [.created(key, 0)], success: [.put(key, own, lease: lease)], failure: [.range(key)]),
      timeout: timeout, interrupt: interrupt)
    if answer.succeeded != true {
      guard let holder = answer.found(0) else { return false }
      if holder.lease != lease { follow(holder) }
      return holder.lease != lease
    }
    state.withLock { state in
      state.term = answer.revision
      state.end = begin + Self.trusted(Etcd.number(granted.ttl))
      state.leader = candidate
    }
    return true
  }

  /// Tells the handlers what has changed; only this thread does.
  private func tell() {
    let isLeader = term != nil
    let leader = leader
    let handlers: [Handler] = state.withLock { state in
      if let told = state.told, told.isLeader == isLeader, told.leader == leader { return [] }
      state.told = (isLeader, leader)
      return state.handlers
    }
    for handler in handlers { handler(isLeader, leader) }
  }

  // The watcher's thread.

  /// Wakes the keeper when the leader's key changes, until stopped.
  func watch() {
    while !interrupt.isFired {
      do {
        try cluster.watch(key, interrupt: interrupt) { [pause] in pause.end() }
      } catch {
        // Only the notice comes later: the keeper looks by itself every second.
        Pause.sleep(milliseconds: 200)
      }
    }
  }
}
