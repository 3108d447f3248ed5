import Foundation
import Quantities
import Testing

@testable import Store

@Suite struct StateProblemTests {
  private let folder = Scratch()

  private func problem(_ path: String) -> Problem? {
    #expect(throws: Problem.self) { _ = try SQLiteStore(path: path) }
  }

  @Test func theFileIsForItsOwnerAlone() throws {
    let path = folder.path("new/state.db")
    let store = try SQLiteStore(path: path)
    try store.transaction { try $0.write("a", "b", "{}") }
    let manager = FileManager.default
    for name in [path, path + "-wal", path + "-shm"] {
      #expect(try manager.attributesOfItem(atPath: name)[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    #expect(try manager.attributesOfItem(atPath: folder.path("new"))[.posixPermissions] as? Int == 0o700)
  }

  @Test func anOlderFileIsBroughtUpToDate() throws {
    let path = folder.path("state.db")
    try Data().write(to: URL(fileURLWithPath: path))
    let store = try SQLiteStore(path: path)
    try store.transaction { try $0.write("a", "b", "{}") }
    let raw = try Connection(path: path, busyTimeout: 100)
    #expect(try raw.number("PRAGMA user_version") == Schema.version)
    #expect(try raw.number("PRAGMA application_id") == Schema.applicationID)
  }

  @Test func aNewerFileIsRefusedAndLeftAlone() throws {
    let path = folder.path("state.db")
    _ = try SQLiteStore(path: path)
    try Connection(path: path, busyTimeout: 100).execute("PRAGMA user_version = 99")
    let found = problem(path)
    #expect(found?.code == "state-too-new")
    #expect(found?.message.contains("version 99") == true)
    #expect(try Connection(path: path, busyTimeout: 100).number("PRAGMA user_version") == 99)
  }

  @Test func foreignAndDamagedFilesAreRefused() throws {
    let foreign = folder.path("foreign.db")
    try Connection(path: foreign, busyTimeout: 100).execute("CREATE TABLE x (y)")
    #expect(problem(foreign)?.code == "state-foreign")
    try Connection(path: foreign, busyTimeout: 100).execute("PRAGMA application_id = 7")
    #expect(problem(foreign)?.code == "state-foreign")
    let text = folder.path("text.db")
    try String(repeating: "no database\n", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
    #expect(problem(text)?.code == "state-damaged")
    #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("no database"))
  }

  @Test func pathsThatCannotBeAFileAreRefused() {
    #expect(problem(folder.folder)?.code == "state-failed")
    #expect(problem("/proc/nowhere/state.db")?.kind == .failed)
    #expect(problem("/dev/null/state.db") != nil)
  }

  @Test func aFullDiskChangesNothing() throws {
    let store = try SQLiteStore(path: folder.path("state.db"))
    try store.transaction { try $0.write("lab", "before", "{}") }
    try store.limitPages(to: 6)
    let big = String(repeating: "x", count: 100_000)
    let problem = #expect(throws: Problem.self) {
      try store.transaction { transaction in
        try transaction.write("lab", "small", "{}")
        try transaction.write("lab", "big", big)
      }
    }
    #expect(problem?.code == "state-disk-full")
    #expect(problem?.message.contains("state.db") == true)
    #expect(try store.read { try $0.documents("lab") }.map(\.key) == ["before"])
    try store.transaction { try $0.write("lab", "after", "{}") }
    #expect(try store.read { try $0.documents("lab") }.count == 2)
  }

  @Test func aBusyFileIsNamed() throws {
    let path = folder.path("state.db")
    let holder = try SQLiteStore(path: path)
    let other = try SQLiteStore(path: path, busyTimeout: 20)
    try holder.transaction { _ in
      let problem = #expect(throws: Problem.self) { try other.transaction { try $0.write("a", "b", "{}") } }
      #expect(problem?.code == "state-busy")
    }
    try other.transaction { try $0.write("a", "b", "{}") }
  }
}
