import Foundation
import Quantities
import Testing

@testable import Store

/// What SQLite alone must do; the rest is in `ConformanceTests`.
@Suite struct SQLiteStoreTests {
  private let folder = Scratch()

  @Test func manyMayMakeTheFileAtOnce() throws {
    for round in 0..<20 {
      let path = folder.path("\(round)/new/state.db")
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

  /// A log that grew once gives its room back.
  @Test func theLogShrinksAgain() throws {
    let path = folder.path("state.db")
    let store = try SQLiteStore(path: path)
    let large = String(repeating: "x", count: 1 << 20)
    try store.transaction { for number in 0..<24 { try $0.write("lab", "\(number)", large) } }
    func logSize() throws -> Int {
      try #require(try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
    }
    #expect(try logSize() > 24 << 20)
    for number in 0..<3 { try store.transaction { try $0.write("lab", "small", "\(number)") } }
    #expect(try logSize() <= Schema.logLimit)
  }

  @Test func manyAreDecodedAtOnceInTheirOrder() throws {
    let store = try SQLiteStore(path: folder.path("state.db"))
    let numbers = DocumentCollection<[Int]>("numbers")
    func key(_ number: Int) -> String { "\(10_000 + number)" }
    try store.transaction { for number in 0..<1000 { try numbers.write([number], key(number), in: $0) } }
    let found = try store.read { try numbers.all(in: $0) }
    #expect(found.map(\.value) == (0..<1000).map { [$0] } && found.map(\.key) == (0..<1000).map(key))
    try store.transaction { for number in [700, 300] { try $0.write("numbers", key(number), "no") } }
    let problem = #expect(throws: Problem.self) { try store.read { try numbers.all(in: $0) } }
    #expect(problem?.message.contains("numbers/10300") == true, "the first, whichever core came first")
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
