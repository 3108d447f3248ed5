import Foundation
import Linux
import TestSupport
import Testing

@testable import Store

/// Kills a process in the middle of transactions of every size: all or nothing, on every store.
@Suite(.withEtcd) struct CrashTests {
  private static let variable = "STORE_CRASH_VICTIM"
  private let scratch = Scratch()

  /// Runs only in the child: writes one number into more and more documents, telling what is durable.
  @Test(.enabled(if: ProcessInfo.processInfo.environment[variable] != nil))
  func crashVictimWritesUntilKilled() throws {
    let place = try #require(StorePlace(ProcessInfo.processInfo.environment[Self.variable] ?? ""))
    let store = try place.open()
    while true {
      let number = try store.transaction { transaction in
        let number = try transaction.next("n")
        // Small ones go in one request to etcd, large ones through the journal.
        for index in 0..<(number % 2 == 0 ? 3 : 300) { try transaction.write("set", "\(index)", "\(number)") }
        if number % 4 == 0 { for index in 3..<300 { try transaction.delete("set", "\(index)") } }
        return number
      }
      FileHandle.standardError.write(Data("commit \(number)\n".utf8))
    }
  }

  @Test(
    .timeLimit(.minutes(20)), .enabled(if: ProcessInfo.processInfo.environment[variable] == nil),
    arguments: StorePlace.kinds)
  func whatWasAcknowledgedIsThereAndWhole(kind: String) throws {
    let place = try StorePlace.make(kind, scratch)
    for round in 0..<6 {
      let moment = UInt32.random(in: 0..<60_000)
      let acknowledged = try killWriter(place, after: moment)
      let store = try place.open()
      let (last, bodies) = try store.read { (try $0.last("n"), try $0.documents("set").map(\.body)) }
      #expect(last >= acknowledged, "round \(round), killed after \(moment) µs")
      let large = last % 2 == 1 ? last : last - 1
      let expected = last % 4 == 0 ? 3 : 300
      #expect(bodies.count == expected, "round \(round), killed after \(moment) µs")
      #expect(Set(bodies).isSubset(of: ["\(last)", "\(large)"]), "round \(round), killed after \(moment) µs")
      #expect(bodies.filter { $0 == "\(last)" }.count == (last % 2 == 1 ? 300 : 3))
      // Whoever writes next carries out what was left.
      try store.transaction { try $0.write("other", "\(round)", "") }
      #expect(try place.open().read { try $0.documents("set").map(\.body) } == bodies)
    }
  }

  /// Starts a writer, kills it some microseconds after a commit, and returns the last number it told.
  private func killWriter(_ place: StorePlace, after microseconds: UInt32) throws -> Int64 {
    let log = scratch.path("log-\(UUID())")
    let output = try Descriptor(opening: log, O_WRONLY | O_CREAT | O_APPEND)
    let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
    let pid = try ProcessRun.start(
      "/usr/bin/env",
      [
        "env", "LD_LIBRARY_PATH=\(library)", "\(Self.variable)=\(place)",
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), "--testing-library",
        "swift-testing", "--filter", "crashVictimWritesUntilKilled",
      ], output: output.rawValue)
    var numbers: [Int64] = []
    for _ in 0..<2000 where numbers.count < 2 {
      usleep(5000)
      // Without its lines it is killed all the same, and then the test says so.
      numbers = (try? Self.numbers(log)) ?? []
    }
    usleep(microseconds)
    kill(pid, SIGKILL)
    _ = try ProcessRun.wait(for: pid)
    return try #require(try Self.numbers(log).last, "the writer told no commit")
  }

  private static func numbers(_ log: String) throws -> [Int64] {
    // The last line may have been cut, so only whole ones count.
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().filter { $0.hasPrefix("commit ") }.compactMap { Int64($0.dropFirst(7)) }
  }
}
