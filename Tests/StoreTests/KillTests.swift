import Foundation
import Testing

@testable import Store

/// Kills a process that writes, at random moments, and looks at what is left.
@Suite struct KillTests {
  private static let variable = "STORE_VICTIM"

  /// Runs only in the child: two documents with one number in each transaction, told on standard error once durable.
  @Test(.enabled(if: ProcessInfo.processInfo.environment[variable] != nil))
  func victimWritesUntilKilled() throws {
    let path = try #require(ProcessInfo.processInfo.environment[Self.variable])
    let store = try SQLiteStore(path: path)
    while true {
      let number = try store.transaction { transaction in
        let number = try transaction.next("n")
        try transaction.write("pair", "left", "\(number)")
        try transaction.write("pair", "right", "\(number)")
        return number
      }
      FileHandle.standardError.write(Data("commit \(number)\n".utf8))
    }
  }

  @Test(.timeLimit(.minutes(20)), .enabled(if: ProcessInfo.processInfo.environment[variable] == nil))
  func whatWasAcknowledgedIsThereAndWhole() throws {
    let folder = Scratch()
    let path = folder.path("state.db")
    var generator = SystemRandomNumberGenerator()
    for round in 0..<20 {
      let moment = UInt32.random(in: 0..<15_000, using: &generator)
      let acknowledged = try killWriter(path, after: moment)
      let store = try SQLiteStore(path: path)
      let last = try store.read { try $0.last("n") }
      let pair = try store.read { try $0.documents("pair") }.map(\.body)
      #expect(last >= acknowledged, "round \(round), killed after \(moment) µs")
      #expect(pair == ["\(last)", "\(last)"], "round \(round), killed after \(moment) µs")
      let check = try Connection(path: path, busyTimeout: 1000).rows("PRAGMA integrity_check") { $0.text(0) }
      #expect(check == ["ok"])
    }
  }

  /// Starts a writer, kills it some microseconds after its first commit, and returns the last number it told.
  private func killWriter(_ path: String, after microseconds: UInt32) throws -> Int64 {
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    process.arguments = ["--testing-library", "swift-testing", "--filter", "victimWritesUntilKilled"]
    process.environment = ProcessInfo.processInfo.environment.merging([Self.variable: path]) { $1 }
    let told = Pipe()
    process.standardError = told
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var data = Data()
    // The test runner may say something of its own first; no data at all means that the writer ended by itself.
    while !String(decoding: data, as: UTF8.self).contains("commit ") {
      let more = told.fileHandleForReading.availableData
      if more.isEmpty { break }
      data += more
    }
    usleep(microseconds)
    kill(process.processIdentifier, SIGKILL)
    data += told.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // The last line may have been cut, so only whole ones count.
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let numbers = lines.dropLast().filter { $0.hasPrefix("commit ") }.compactMap { Int64($0.dropFirst(7)) }
    return try #require(numbers.last, "the writer told no commit: \(lines)")
  }
}
