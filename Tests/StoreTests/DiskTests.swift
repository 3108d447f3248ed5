import Foundation
import Quantities
import Testing

@testable import Store

/// Real file systems that are full or cannot be written; mounting needs root.
@Suite(.serialized) struct DiskTests {
  private static let isStrict = ProcessInfo.processInfo.environment["STRICT_KERNEL_TESTS"] == "1"

  @Test(.enabled(if: geteuid() == 0 || isStrict, "mounting a tmpfs needs root"))
  func aFullFileSystemChangesNothing() throws {
    let disk = try Mounted(options: "size=512k")
    let store = try SQLiteStore(path: disk.path("state.db"))
    try store.transaction { try $0.write("lab", "before", "{}") }
    let problem = #expect(throws: Problem.self) {
      try store.transaction { try $0.write("lab", "big", String(repeating: "x", count: 2_000_000)) }
    }
    #expect(problem?.code == "state-disk-full")
    #expect(try store.read { try $0.documents("lab") }.map(\.key) == ["before"])
    let again = try SQLiteStore(path: disk.path("state.db"))
    #expect(try again.read { try $0.documents("lab") }.map(\.key) == ["before"])
  }

  @Test(.enabled(if: geteuid() == 0 || isStrict, "mounting a tmpfs needs root"))
  func aReadOnlyFileSystemIsNamed() throws {
    let disk = try Mounted(options: "size=2m")
    do { _ = try SQLiteStore(path: disk.path("state.db")) }
    try #require(mount("none", disk.folder, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0)
    let old = #expect(throws: Problem.self) { _ = try SQLiteStore(path: disk.path("state.db")) }
    #expect(old?.code == "state-read-only")
    let new = #expect(throws: Problem.self) { _ = try SQLiteStore(path: disk.path("new/state.db")) }
    #expect(new?.code == "state-read-only")
  }
}

/// A tmpfs that goes away with the test.
private final class Mounted {
  private let scratch = Scratch()
  var folder: String { scratch.folder }

  init(options: String) throws {
    try #require(mount("tmpfs", scratch.folder, "tmpfs", 0, options) == 0, "mount: errno \(errno)")
  }

  deinit {
    if umount2(scratch.folder, Int32(MNT_DETACH)) != 0 { Issue.record("umount2: errno \(errno)") }
  }

  func path(_ name: String) -> String { folder + "/" + name }
}
