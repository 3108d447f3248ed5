import Foundation
import Linux
import Quantities
import TestSupport
import Testing

@testable import Store

/// Figures, printed; only where STORE_SPEED=1 asks for them, and best in a release build.
@Suite(
  .serialized, .enabled(if: ProcessInfo.processInfo.environment["STORE_SPEED"] == "1", "STORE_SPEED=1 asks for it"))
struct StoreSpeedTests {
  private let scratch = Scratch()

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let begin = Clock.monotonic
    try body()
    return Double(Clock.monotonic - begin) / 1e9
  }

  private func measure(_ name: String, _ open: () throws -> any Store) throws {
    let store = try open()
    let body = String(repeating: "x", count: 4000)
    for (count, size) in [(300, 1), (60, 50)] {
      let time = try seconds {
        for number in 0..<count {
          try store.transaction { for index in 0..<size { try $0.write("a", "\(number * size + index)", body) } }
        }
      }
      print("\(name): \(size) documents of 4 kB a transaction: \(Int(Double(count) / time)) commits/s")
    }
    for part in 0..<20 {
      try store.transaction { for index in 0..<500 { try $0.write("many", "\(part)-\(index)", body) } }
    }
    let fresh = try open()
    var found = 0
    let time = try seconds { found = try fresh.read { try $0.documents("many").count } }
    #expect(found == 10_000)
    print("\(name): reading 10,000 documents of 4 kB: \(Int(time * 1000)) ms")
    let again = try seconds { for _ in 0..<100 { _ = try fresh.read { try $0.document("many", "3-4") } } }
    print("\(name): reading one document again: \(Int(again * 10_000)) µs")
  }

  @Test func figures() throws {
    try measure("SQLite") { try SQLiteStore(path: scratch.path("state.db")) }
    let server = try EtcdServer(isSynced: true)
    defer { server.stop() }
    let cluster = try server.cluster()
    let leadership = try EtcdLeadership(
      cluster: cluster, candidate: Leader(name: "bench", url: "-"), timeToLive: .seconds(3))
    #expect(leadership.waitUntilLeader(.seconds(10)))
    try measure("etcd") { try EtcdStore(cluster: cluster, leadership: leadership) }
    let other = try EtcdLeadership(cluster: cluster, candidate: Leader(name: "next", url: "-"))
    while other.leader == nil { usleep(1000) }
    let silent = seconds {
      leadership.core.goSilent()
      while !other.isLeader { usleep(500) }
    }
    print("etcd: take-over after a leader's sudden end, time to live 3 s: \(Int(silent * 1000)) ms")
    let third = try EtcdLeadership(cluster: cluster, candidate: Leader(name: "third", url: "-"))
    while third.leader == nil { usleep(1000) }
    let orderly = seconds {
      other.resign()
      while !third.isLeader { usleep(500) }
    }
    print("etcd: take-over after an orderly stop: \(Int(orderly * 1000)) ms")
    third.resign()
  }
}
