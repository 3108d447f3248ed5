import Glibc
import Linux
import Quantities
import TestSupport
import Testing
import WebClient

@testable import Store

/// What only etcd can do wrong.
@Suite(needsEtcd, .withEtcd) struct EtcdTests {
  private let prefix = "/" + KernelTest.uniqueName()

  private func code(_ body: () throws -> Void) -> String? {
    let problem = #expect(throws: Problem.self) { try body() }
    return problem?.code
  }

  @Test func anEtcdThatIsNotThereIsToldAtOnce() throws {
    let ports = try EtcdServer.freePorts()
    let begin = Clock.monotonic
    let problem = #expect(throws: Problem.self) {
      _ = try EtcdCluster(endpoints: [.url(ports.url), .url("http://127.0.0.1:\(ports.peer)")])
    }
    #expect(problem?.code == "etcd-unreachable")
    #expect(problem?.message.contains(ports.url) == true && problem?.message.contains("\(ports.peer)") == true)
    #expect(Clock.monotonic - begin < 3_000_000_000)
  }

  @Test func foreignKeysNewerVersionsAndTooLargeDocumentsAreRefused() throws {
    let cluster = try #require(EtcdServer.current).cluster()
    let keys = EtcdKeys(prefix)
    _ = try cluster.transaction([], [.put(Array("\(prefix)/theirs".utf8), [1])])
    #expect(code { _ = try EtcdStore(cluster: cluster, prefix: prefix) } == "state-foreign")
    _ = try cluster.transaction([], [.put(keys.format, Array("{\"application\":\"virtcloud\",\"version\":99}".utf8))])
    #expect(code { _ = try EtcdStore(cluster: cluster, prefix: prefix) } == "state-too-new")
    let store = try EtcdStore(cluster: cluster, prefix: prefix + "x")
    let large = String(repeating: "x", count: EtcdStore.documentLimit)
    #expect(code { _ = try store.transaction { try $0.write("a", "b", large) } } == "document-too-large")
    try store.transaction { try $0.write("a", "b", String(large.dropLast(100))) }
    #expect(try store.read { try $0.documents("a") }.count == 1)
  }

  @Test func anotherClusterIsNotTakenForTheFirst() throws {
    let ports = try EtcdServer.freePorts()
    let first = try EtcdServer(ports)
    let cluster = try first.cluster()
    let store = try EtcdStore(cluster: cluster, prefix: prefix)
    try store.transaction { try $0.write("a", "b", "1") }
    first.stop()
    #expect(code { try store.read { _ = try $0.documents("a") } } == "etcd-unreachable")
    let other = try EtcdServer(ports, token: "other")
    _ = try other.cluster()
    #expect(code { try store.read { _ = try $0.documents("a") } } == "etcd-other-cluster")
    #expect(code { _ = try store.transaction { try $0.write("a", "b", "2") } } == "etcd-other-cluster")
    other.stop()
    // The same cluster by name, but its data are gone.
    let empty = try EtcdServer(ports)
    _ = try empty.cluster()
    #expect(code { try store.read { _ = try $0.documents("a") } } == "etcd-set-back")
    #expect(code { _ = try store.transaction { try $0.write("a", "b", "2") } } == "etcd-set-back")
    empty.stop()
  }

  /// The answer to a commit is lost: it was done once, and is not done again.
  @Test func aLostAnswerIsFoundOut() throws {
    let server = try #require(EtcdServer.current)
    let proxy = try LossyProxy(to: server.ports.client)
    defer { proxy.stop() }
    _ = try server.cluster()
    let store = try EtcdStore(cluster: EtcdCluster(endpoints: [.url(proxy.url)]), prefix: prefix)
    for size in [1, 1, 200, 1, 200] {
      proxy.loseAnswers(1)
      try store.transaction { transaction in
        let number = try transaction.next("n")
        for index in 0..<size { try transaction.write("lab", "\(number)-\(index)", "") }
      }
    }
    #expect(proxy.lost == 5)
    let other = try EtcdStore(cluster: server.cluster(), prefix: prefix)
    for store in [store, other] {
      #expect(try store.read { try $0.last("n") } == 5)
      #expect(try store.read { try $0.documents("lab") }.count == 403)
    }
  }

  /// etcd falls silent in the middle of a commit and stays so until leadership is over.
  @Test func aCommitWithoutAnAnswerIsCalledUnknownAndSettledLater() throws {
    let server = try EtcdServer()
    defer {
      kill(server.pid, SIGCONT)
      server.stop()
    }
    let cluster = try server.cluster()
    let leadership = try EtcdLeadership(
      cluster: cluster, prefix: prefix, candidate: Leader(name: "only", url: "-"), timeToLive: .seconds(2))
    #expect(leadership.waitUntilLeader(.seconds(5)))
    let store = try EtcdStore(cluster: cluster, prefix: prefix, leadership: leadership)
    let add = { try store.transaction { try $0.write("lab", "\($0.next("n"))", "") } }
    _ = try add()
    try server.suspend()
    #expect(code { _ = try add() } == "commit-unknown")
    #expect(!leadership.isLeader)
    #expect(code { _ = try add() } == "lost-leadership")
    kill(server.pid, SIGCONT)
    #expect(leadership.waitUntilLeader(.seconds(10)))
    _ = try add()
    for store in [store, try EtcdStore(cluster: server.cluster(), prefix: prefix)] {
      let (last, count) = try store.read { (try $0.last("n"), try $0.documents("lab").count) }
      #expect(Int64(count) == last && (2...3).contains(count))
    }
    leadership.resign()
  }

  @Test func historyIsCutAndEverythingStillThere() throws {
    let cluster = try #require(EtcdServer.current).cluster()
    let store = try EtcdStore(cluster: cluster, prefix: prefix)
    let follower = try EtcdStore(cluster: cluster, prefix: prefix)
    try store.transaction { for index in 0..<300 { try $0.write("lab", "\(index)", "") } }
    #expect(try follower.read { try $0.documents("lab") }.count == 300)
    for index in 0..<10 { try store.transaction { try $0.delete("lab", "\(index)") } }
    let revision = try cluster.range(Etcd.Range(EtcdKeys(prefix).commit)).revision
    let _: Etcd.Plain = try cluster.call("/v3/kv/compaction", Etcd.Compaction(revision: String(revision)))
    #expect(try follower.read { try $0.documents("lab") }.count == 290)
    try follower.transaction { try $0.write("lab", "new", "") }
    #expect(try store.read { try $0.documents("lab") }.count == 291)
  }
}
