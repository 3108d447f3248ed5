import Foundation
import Quantities
import Testing

@testable import Store

@Suite(.withEtcd) struct StoreArchiveTests {
  private let scratch = Scratch()

  private func filled(_ kind: String) throws -> any Store {
    let store = try StorePlace.make(kind, scratch).open()
    try store.transaction { transaction in
      for number in 0..<300 { try transaction.write("lab", "\(number)", "{\"n\":\(number)}") }
      try transaction.write("é/x", "e\u{301}\n", "\u{0}\"\\\u{2028}🙂")
      try transaction.write("é/x", "\u{E9}\n", "other")
      _ = try transaction.next("generation")
      _ = try transaction.next("generation")
    }
    try store.transaction { try $0.delete("lab", "7") }
    return store
  }

  @Test(arguments: StorePlace.kinds, StorePlace.kinds) func everythingComesBackAsItWas(from: String, to: String) throws
  {
    let source = try filled(from)
    let path = scratch.path("x.backup")
    let archive = try StoreArchive(of: source, created: Timestamp(seconds: 1_000_000))
    try archive.write(to: path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    let again = #expect(throws: Problem.self) { try archive.write(to: path) }
    #expect(again?.code == "backup-file")
    let read = try StoreArchive.read(path)
    #expect(read.created == Timestamp(seconds: 1_000_000))
    #expect(read.entries.count == 301)
    let target = try (to == "SQLite" ? StorePlace.sqlite(scratch.path("target.db")) : .make(to, scratch)).open()
    try read.put(into: target)
    for collection in ["lab", "é/x"] {
      let (old, new) = try (source.read { try $0.documents(collection) }, target.read { try $0.documents(collection) })
      #expect(old == new)
      #expect(old.map { Array($0.key.utf8) } == new.map { Array($0.key.utf8) })
    }
    #expect(try target.read { try $0.last("generation") } == 2)
    let last = try source.read { try $0.last("revision") }
    #expect(try target.transaction { try $0.write("lab", "new", "") } == last + 1)
    let refused = #expect(throws: Problem.self) { try read.put(into: target) }
    #expect(refused?.code == "store-not-empty")
    #expect(try target.read { try $0.document("lab", "new") } != nil)
    try read.put(into: target, replacing: true)
    #expect(try target.read { try $0.document("lab", "new") } == nil)
    #expect(try target.read { try $0.documents("lab") }.count == 299)
  }

  @Test func aFileThatWasTouchedIsRefused() throws {
    let bytes = try StoreArchive(of: filled("SQLite"), created: Timestamp(seconds: 0)).bytes()
    _ = try StoreArchive(bytes, path: "x")
    let code = { (bytes: [UInt8]) -> String? in
      do {
        _ = try StoreArchive(bytes, path: "x")
        return nil
      } catch {
        return (error as? Problem)?.code
      }
    }
    for cut in stride(from: 0, to: bytes.count - 1, by: 97) {
      #expect(code(Array(bytes.prefix(cut))) == "backup-damaged", "cut at \(cut)")
    }
    for place in stride(from: 0, to: bytes.count - 80, by: 101) {
      var changed = bytes
      changed[place] ^= 1
      #expect(code(changed) != nil, "changed at \(place)")
    }
    #expect(code(Array("{}\n".utf8)) == "backup-damaged")
    let missing = #expect(throws: Problem.self) { try StoreArchive.read("/nowhere/x.backup") }
    #expect(missing?.code == "backup-file")
  }
}
