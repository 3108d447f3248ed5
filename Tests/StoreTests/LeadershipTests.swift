import Glibc
import Linux
import Quantities
import Synchronization
import TestSupport
import Testing
import WebClient

@testable import Store

/// Real etcd processes, several candidates.
@Suite(needsEtcd, .withEtcd) struct LeadershipTests {
  private let prefix = "/" + KernelTest.uniqueName()

  private func candidate(_ name: String, _ cluster: EtcdCluster, seconds: Int = 2) throws -> EtcdLeadership {
    try EtcdLeadership(
      cluster: cluster, prefix: prefix, candidate: Leader(name: name, url: "https://\(name)"),
      timeToLive: .seconds(seconds))
  }

  private func cluster() throws -> EtcdCluster { try #require(EtcdServer.current).cluster() }

  private func wait(_ seconds: Double, _ condition: () -> Bool) -> Bool {
    let end = Clock.monotonic + UInt64(seconds * 1e9)
    while !condition() {
      if Clock.monotonic > end { return false }
      usleep(2000)
    }
    return true
  }

  @Test func oneLeadsAndOrderlyStopsHandOverAtOnce() throws {
    let cluster = try cluster()
    let first = try candidate("first", cluster)
    #expect(first.waitUntilLeader(.seconds(5)))
    let told = Mutex<[String]>([])
    let second = try candidate("second", cluster)
    second.onChange { isLeader, leader in told.withLock { $0.append("\(leader?.name ?? "-") \(isLeader)") } }
    #expect(wait(5) { second.leader?.name == "first" })
    #expect(!second.isLeader)
    let store = try EtcdStore(cluster: cluster, prefix: prefix, leadership: first)
    try store.transaction { try $0.write("lab", "a", "1") }
    let follower = try EtcdStore(cluster: cluster, prefix: prefix, leadership: second)
    #expect(try follower.read { try $0.document("lab", "a") }?.body == "1")
    let refused = #expect(throws: Problem.self) { try follower.transaction { try $0.write("lab", "a", "2") } }
    #expect(refused?.code == "lost-leadership")
    let tool = try EtcdStore(cluster: cluster, prefix: prefix)
    let led = #expect(throws: Problem.self) { try tool.transaction { try $0.write("lab", "a", "2") } }
    #expect(led?.code == "state-led")
    let begin = Clock.monotonic
    first.resign()
    #expect(second.waitUntilLeader(.seconds(5)))
    #expect(Clock.monotonic - begin < 1_000_000_000)
    #expect(!first.isLeader)
    try follower.transaction { try $0.write("lab", "a", "2") }
    let late = #expect(throws: Problem.self) { try store.transaction { try $0.write("lab", "a", "3") } }
    #expect(late?.code == "lost-leadership")
    #expect(wait(5) { told.withLock { $0.last } == "second true" })
    #expect(told.withLock { $0.contains("first false") })
    second.resign()
  }

  @Test func aSilentLeaderIsReplacedInTimeAndStopsBelieving() throws {
    let cluster = try cluster()
    let first = try candidate("first", cluster)
    #expect(first.waitUntilLeader(.seconds(5)))
    let second = try candidate("second", cluster)
    #expect(wait(5) { second.leader?.name == "first" })
    let begin = Clock.monotonic
    first.core.goSilent()
    #expect(wait(6) { !first.isLeader || second.isLeader })
    #expect(!second.isLeader, "the old one stops believing before the new one leads")
    #expect(second.waitUntilLeader(.seconds(6)))
    #expect(Clock.monotonic - begin < 5_000_000_000)
    second.resign()
  }

  /// A leader whose clock stood still, as after a machine's sleep, believes in itself; etcd does not.
  @Test func aLeaderThatWakesUpCannotWrite() throws {
    let cluster = try cluster()
    let stopped = Mutex<UInt64?>(nil)
    let first = try EtcdLeadership(
      cluster: cluster, prefix: prefix, candidate: Leader(name: "first", url: "-"), timeToLive: .seconds(2),
      clock: { stopped.withLock { $0 } ?? Clock.monotonic })
    #expect(first.waitUntilLeader(.seconds(5)))
    let old = try EtcdStore(cluster: cluster, prefix: prefix, leadership: first)
    try old.transaction { try $0.write("lab", "a", "old") }
    stopped.withLock { $0 = Clock.monotonic }
    first.core.goSilent()
    let second = try candidate("second", cluster)
    #expect(second.waitUntilLeader(.seconds(8)))
    let new = try EtcdStore(cluster: cluster, prefix: prefix, leadership: second)
    try new.transaction { try $0.write("lab", "a", "new") }
    #expect(first.isLeader)
    let problem = #expect(throws: Problem.self) { try old.transaction { try $0.write("lab", "a", "woken") } }
    #expect(problem?.code == "lost-leadership")
    let large = #expect(throws: Problem.self) {
      try old.transaction { transaction in
        for number in 0..<300 { try transaction.write("lab", "\(number)", "woken") }
      }
    }
    #expect(large?.code == "lost-leadership")
    #expect(try new.read { try $0.documents("lab") }.map(\.body) == ["new"])
    second.resign()
  }

  @Test func aWriterGoesOnWhenAMemberIsLost() throws {
    let names = ["a", "b", "c"]
    let ports = try names.map { ($0, try EtcdServer.freePorts()) }
    let members = Dictionary(uniqueKeysWithValues: ports)
    let servers = try ports.map { try EtcdServer($0.1, name: $0.0, members: members) }
    let cluster = try EtcdServer.cluster(servers.map(\.endpoint))
    let leadership = try candidate("writer", cluster, seconds: 3)
    #expect(leadership.waitUntilLeader(.seconds(15)))
    let store = try EtcdStore(cluster: cluster, prefix: prefix, leadership: leadership)
    var acknowledged: [String] = []
    for number in 0..<60 {
      // The one that is asked goes away without a word.
      if number == 20 { kill(servers[0].pid, SIGKILL) }
      do {
        try store.transaction { try $0.write("lab", "\(1000 + number)", "") }
        acknowledged.append("\(1000 + number)")
      } catch let problem as Problem {
        #expect(["lost-leadership", "commit-unknown", "etcd-unreachable"].contains(problem.code), "\(problem)")
        _ = leadership.waitUntilLeader(.seconds(10))
      }
    }
    #expect(acknowledged.count >= 55)
    let reader = try EtcdStore(cluster: EtcdServer.cluster(servers[1...].map(\.endpoint)), prefix: prefix)
    let found = Set(try reader.read { try $0.documents("lab") }.map(\.key))
    #expect(found.isSuperset(of: acknowledged))
    leadership.resign()
    for server in servers { server.stop() }
  }
}
