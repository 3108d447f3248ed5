import Foundation
import Linux
import Planning
import Quantities
import TestSupport
import Testing

@testable import Store

/// `virtcloud store`, as a user types it.
@Suite(needsEtcd, .withEtcd) struct StoreVerbTests {
  private let scratch = Scratch()

  /// Runs the program; true where it ended with status 0.
  private func run(_ words: String...) throws -> Bool {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    // The test bundle stands beside the program, or the runner does where the bundle is a library.
    let program = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
    let log = try Descriptor(opening: scratch.path("log"), O_WRONLY | O_CREAT | O_APPEND)
    let pid = try ProcessRun.start(program, ["virtcloud", "store"] + words, output: log.rawValue)
    return try ProcessRun.wait(for: pid) == 0
  }

  @Test(KernelTest.requireRoot) func whatOneStoreHadTheOtherHas() throws {
    let url = try #require(EtcdServer.current).ports.url
    _ = try EtcdServer.current?.cluster()
    let (folder, other, prefix) = (scratch.path("state"), scratch.path("other"), "/" + KernelTest.uniqueName())
    defer {
      for state in [folder, other] {
        do {
          try ProcessRun.spawn("/bin/rm", ["rm", "-rf", "/run/virtcloud-\(Realm(stateDirectory: state).tag)"])
        } catch { Issue.record(error) }
      }
    }
    let first = try SQLiteStore(path: folder + "/state.db")
    try first.transaction { for index in 0..<200 { try $0.write("lab", "\(index)", "{}") } }
    let etcd = ["--etcd", url, "--etcd-prefix", prefix]
    #expect(try run("migrate", "--to", "etcd", "--state", folder, etcd[0], etcd[1], etcd[2], etcd[3]))
    #expect(try !run("migrate", "--to", "etcd", "--state", folder, etcd[0], etcd[1], etcd[2], etcd[3]))
    #expect(try run("backup", scratch.path("x.backup"), etcd[0], etcd[1], etcd[2], etcd[3]))
    #expect(try run("restore", scratch.path("x.backup"), "--state", other))
    #expect(try run("migrate", "--to", "sqlite", "--replace", "--state", other, etcd[0], etcd[1], etcd[2], etcd[3]))
    let last = try SQLiteStore(path: other + "/state.db")
    #expect(try last.read { try $0.documents("lab") } == first.read { try $0.documents("lab") })
    #expect(try !run("backup", scratch.path("y.backup"), "--state", scratch.path("nothing")))
    let told = try String(contentsOfFile: scratch.path("log"), encoding: .utf8)
    #expect(told.contains("(store-not-empty)") && told.contains("(no-state)"))
  }
}
