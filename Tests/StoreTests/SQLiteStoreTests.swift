import Foundation
import Quantities
import Testing

@testable import Store

@Suite struct SQLiteStoreTests {
  private let folder = Scratch()
  private struct Oops: Error {}

  @Test func documentsComeBackInOrderAfterReopening() throws {
    let path = folder.path("a/b/state.db")
    let first = try SQLiteStore(path: path)
    try first.transaction { transaction in
      try transaction.write("lab", "b", "{\"n\":2}")
      try transaction.write("lab", "a", "{\"n\":1}")
      try transaction.write("other", "a", "\u{0}é日")
    }
    let second = try SQLiteStore(path: path)
    #expect(try second.read { try $0.documents("lab") }.map(\.body) == ["{\"n\":1}", "{\"n\":2}"])
    #expect(try second.read { try $0.document("other", "a") }?.body == "\u{0}é日")
    #expect(try second.read { try $0.document("other", "b") } == nil)
    #expect(try second.transaction { try $0.delete("lab", "a") })
    #expect(try !second.transaction { try $0.delete("lab", "a") })
    #expect(try first.read { try $0.documents("lab") }.map(\.key) == ["b"])
  }

  @Test func aThrowingTransactionChangesNothing() throws {
    let store = try SQLiteStore(path: folder.path("state.db"))
    try store.transaction { _ = try $0.next("generation") }
    #expect(throws: Oops.self) {
      try store.transaction { transaction in
        try transaction.write("lab", "a", "{}")
        _ = try transaction.next("generation")
        throw Oops()
      }
    }
    #expect(try store.read { try $0.documents("lab") }.isEmpty)
    #expect(try store.read { try $0.last("generation") } == 1)
    #expect(try store.transaction { try $0.next("generation") } == 2)
    #expect(try store.read { try $0.last("unknown") } == 0)
  }

  @Test func revisionsGuardAgainstLostUpdates() throws {
    let store = try SQLiteStore(path: folder.path("state.db"))
    let one = try store.transaction { try $0.write("lab", "a", "1", ifRevision: 0) }
    let two = try store.transaction { try $0.write("lab", "a", "2", ifRevision: one) }
    #expect(two > one)
    #expect(throws: StaleRevision(collection: "lab", key: "a", expected: one, found: two)) {
      try store.transaction { try $0.write("lab", "a", "3", ifRevision: one) }
    }
    #expect(throws: StaleRevision.self) { try store.transaction { try $0.write("lab", "a", "3", ifRevision: 0) } }
    #expect(throws: StaleRevision.self) { try store.transaction { try $0.delete("lab", "a", ifRevision: one) } }
    #expect(try store.read { try $0.document("lab", "a") }?.body == "2")
    try store.transaction { try $0.delete("lab", "a") }
    #expect(try store.transaction { try $0.write("lab", "a", "4") } > two)
  }

  @Test func threadsAndConnectionsLoseNothing() throws {
    let path = folder.path("state.db")
    let stores = [try SQLiteStore(path: path), try SQLiteStore(path: path)]
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      do {
        try stores[index % 2].transaction { transaction in
          let count = try transaction.next("n")
          try transaction.write("lab", "\(count)", "{}")
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(try stores[0].read { try $0.last("n") } == 40)
    #expect(try stores[0].read { try $0.documents("lab") }.count == 40)
  }

  @Test func manyMayMakeTheFileAtOnce() throws {
    for round in 0..<20 {
      let path = folder.path("\(round)/state.db")
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        do {
          try SQLiteStore(path: path).transaction { try $0.write("lab", "\(index)", "{}") }
        } catch {
          Issue.record(error)
        }
      }
      #expect(try SQLiteStore(path: path).read { try $0.documents("lab") }.count == 8)
    }
  }

  @Test func typedCollectionsReadAndWriteJSON() throws {
    struct Lab: Codable, Equatable { var name: String, nodes: [Int] }
    let store = try SQLiteStore(path: folder.path("state.db"))
    let labs = DocumentCollection<Lab>("lab")
    let revision = try store.transaction { try labs.write(Lab(name: "x", nodes: [1]), "x", in: $0) }
    let found = try store.read { try labs.value("x", in: $0) }
    #expect(found?.value == Lab(name: "x", nodes: [1]))
    #expect(found?.revision == revision)
    #expect(try store.read { try labs.all(in: $0) }.map(\.key) == ["x"])
    try store.transaction { try $0.write("lab", "y", "[]") }
    let problem = #expect(throws: Problem.self) { try store.read { try labs.all(in: $0) } }
    #expect(problem?.code == "state-unreadable")
  }
}

/// A folder that goes away with the test.
final class Scratch: Sendable {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID())").path

  init() {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      Issue.record(error)
    }
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
  }

  func path(_ name: String) -> String { folder + "/" + name }
}
