import Dispatch
import Quantities
import Testing

@testable import Store

/// What every store must do, whatever stands behind it.
@Suite(.withEtcd) struct ConformanceTests {
  private let scratch = Scratch()
  private struct Oops: Error {}

  @Test(arguments: StorePlace.kinds) func documentsComeBackInOrderAfterReopening(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    let first = try place.open()
    #expect(try first.read { try $0.documents("lab") }.isEmpty)
    try first.transaction { transaction in
      try transaction.write("lab", "b", "{\"n\":2}")
      try transaction.write("lab", "a", "{\"n\":1}")
      try transaction.write("lab", "a/b", "")
      try transaction.write("other", "a", "\u{0}é日\n2")
    }
    let second = try place.open()
    #expect(try second.read { try $0.documents("lab") }.map(\.body) == ["{\"n\":1}", "", "{\"n\":2}"])
    #expect(try second.read { try $0.document("other", "a") }?.body == "\u{0}é日\n2")
    #expect(try second.read { try $0.document("other", "b") } == nil)
    #expect(try second.transaction { try $0.delete("lab", "a") })
    #expect(try !second.transaction { try $0.delete("lab", "a") })
    #expect(try first.read { try $0.documents("lab") }.map(\.key) == ["a/b", "b"])
  }

  @Test(arguments: StorePlace.kinds) func aTransactionSeesItsOwnChanges(kind: String) throws {
    let store = try StorePlace.make(kind, scratch).open()
    try store.transaction { try $0.write("lab", "b", "old") }
    try store.transaction { transaction in
      let one = try transaction.write("lab", "a", "1")
      #expect(try transaction.document("lab", "a")?.revision == one)
      let two = try transaction.write("lab", "a", "2", ifRevision: one)
      #expect(try transaction.documents("lab").map(\.body) == ["2", "old"])
      #expect(try transaction.last("revision") == two)
      #expect(try transaction.delete("lab", "b"))
      #expect(try transaction.document("lab", "b") == nil)
      #expect(try transaction.documents("lab").map(\.key) == ["a"])
      #expect(try !transaction.delete("lab", "b"))
      #expect(try transaction.next("n") == 1)
      #expect(try transaction.next("n") == 2)
    }
    #expect(try store.read { try $0.documents("lab") }.map(\.body) == ["2"])
    #expect(try store.read { try $0.last("n") } == 2)
  }

  @Test(arguments: StorePlace.kinds) func aThrowingTransactionChangesNothing(kind: String) throws {
    let store = try StorePlace.make(kind, scratch).open()
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

  @Test(arguments: StorePlace.kinds) func revisionsGuardAgainstLostUpdates(kind: String) throws {
    let store = try StorePlace.make(kind, scratch).open()
    let one = try store.transaction { try $0.write("lab", "a", "1", ifRevision: 0) }
    let two = try store.transaction { try $0.write("lab", "a", "2", ifRevision: one) }
    #expect(two > one)
    #expect(throws: StaleRevision(collection: "lab", key: "a", expected: one, found: two)) {
      try store.transaction { try $0.write("lab", "a", "3", ifRevision: one) }
    }
    #expect(throws: StaleRevision.self) { try store.transaction { try $0.write("lab", "a", "3", ifRevision: 0) } }
    #expect(throws: StaleRevision.self) { try store.transaction { try $0.delete("lab", "a", ifRevision: one) } }
    #expect(try store.read { try $0.document("lab", "a") }?.body == "2")
    try store.transaction { try $0.delete("lab", "a", ifRevision: two) }
    #expect(try store.transaction { try $0.write("lab", "a", "4") } > two)
  }

  /// The same letters to Swift are different keys to a store, and the order is that of bytes.
  @Test(arguments: StorePlace.kinds) func keysAreBytes(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    let keys = ["", "%", "/", "A", "a", "e\u{301}", "z", "\u{E9}", "日", "\u{FFFD}", "🙂"]
    let store = try place.open()
    for collection in ["lab", "lab/x", "lab%", "é"] {
      try store.transaction { for key in keys.shuffled() { try $0.write(collection, key, key + collection) } }
    }
    for store in [store, try place.open()] {
      for collection in ["lab", "lab/x", "lab%", "é"] {
        let found = try store.read { try $0.documents(collection) }
        #expect(found.map { Array($0.key.utf8) } == keys.map { Array($0.utf8) })
        #expect(found.map { Array($0.body.utf8) } == keys.map { Array(($0 + collection).utf8) })
      }
      #expect(try store.transaction { try $0.delete("lab", "e\u{301}") })
      #expect(try store.read { try $0.document("lab", "\u{E9}") } != nil)
      try store.transaction { try $0.write("lab", "e\u{301}", "e\u{301}lab") }
    }
  }

  @Test(arguments: StorePlace.kinds) func bigOnesAndManyAtOnce(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    let store = try place.open()
    let big = String(repeating: "\"x\u{E9}", count: 240_000)
    try store.transaction { transaction in
      for number in 0..<3 { try transaction.write("big", "\(number)", big) }
      for number in 0..<500 { try transaction.write("many", "\(1000 + number)", "\(number)") }
    }
    let again = try place.open()
    for store in [store, again] {
      #expect(try store.read { try $0.documents("big") }.map(\.body) == [big, big, big])
      #expect(try store.read { try $0.documents("many") }.map(\.body) == (0..<500).map(String.init))
    }
    try again.transaction { transaction in
      for document in try transaction.documents("many") where document.body != "7" {
        try transaction.delete("many", document.key)
      }
      try transaction.write("many", "x", "new")
    }
    for store in [store, again, try place.open()] {
      #expect(try store.read { try $0.documents("many") }.map(\.body) == ["7", "new"])
    }
    #expect(throws: Oops.self) {
      try store.transaction { transaction in
        for number in 0..<500 { try transaction.write("many", "\(number)", "") }
        throw Oops()
      }
    }
    #expect(try store.read { try $0.documents("many") }.count == 2)
  }

  @Test(arguments: StorePlace.kinds) func thousandsComeBackInOrder(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    let keys = (0..<2300).map { "\(10_000 + $0)" }
    try place.open().transaction { transaction in
      for key in keys.shuffled() { try transaction.write("many", key, "body of \(key)") }
      for key in ["z", "a"] { try transaction.write("few", key, key) }
      _ = try transaction.next("n")
    }
    let store = try place.open()
    #expect(try store.read { try $0.documents("many") }.map(\.key) == keys)
    #expect(try store.read { try $0.documents("many") }.allSatisfy { $0.body == "body of \($0.key)" })
    #expect(try store.read { try $0.documents("few") }.map(\.key) == ["a", "z"])
    #expect(try store.read { try $0.last("n") } == 1)
  }

  @Test(arguments: StorePlace.kinds) func threadsAndConnectionsLoseNothing(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    let stores = [try place.open(), try place.open()]
    try stores[0].transaction { try $0.write("sum", "a", "0") }
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      do {
        try stores[index % 2].transaction { transaction in
          let count = try transaction.next("n")
          let sum = try transaction.document("sum", "a").flatMap { Int($0.body) } ?? -1000
          try transaction.write("sum", "a", "\(sum + index)")
          try transaction.write("lab", "\(count)", "{}")
        }
        // Two documents that always change together are never seen apart.
        let (count, last) = try stores[(index + 1) % 2].read { (try $0.documents("lab").count, try $0.last("n")) }
        #expect(Int64(count) == last)
      } catch {
        Issue.record(error)
      }
    }
    for store in stores {
      #expect(try store.read { try $0.last("n") } == 40)
      #expect(try store.read { try $0.documents("lab") }.count == 40)
      #expect(try store.read { try $0.document("sum", "a") }?.body == "780")
    }
  }
}
