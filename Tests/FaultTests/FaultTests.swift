import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

/// The service under failures, a few of each kind; `make bench-faults` has many.
@Suite(KernelTest.requireRoot, .serialized) struct FaultTests {
  private struct Times: Decodable {
    var runs: Int
    var max: Double?
  }

  private struct Leader: Decodable {
    var writes: Int
    var wrong: [String]
    var times: [String: Times]
    private enum CodingKeys: String, CodingKey {
      case writes, wrong
      case times = "seconds until writes"
    }
  }

  private struct Traffic: Decodable {
    struct Row: Decodable {
      var rounds, lost, sent: Int
    }
    var faults: [String: Row]
    var wrong: [String]
  }

  private struct Result: Decodable {
    var leader: Leader?
    var traffic: Traffic?
  }

  private static let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

  /// The program beside the tests.
  private static let program: String = {
    if let path = getenv("VIRTCLOUD_BINARY") { return String(cString: path) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
  }()

  /// Runs a script; ends it, so that it cleans up, where it lasts too long.
  private func run(_ arguments: [String], seconds: Int) throws -> (output: String, status: Int32) {
    let path = "/var/tmp/\(KernelTest.uniqueName("faults-"))"
    defer { unlink(path) }
    let log = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND)
    let command = [
      "/usr/bin/timeout", "-k", "60", "\(seconds)", "/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1",
      "VIRTCLOUD=\(Self.program)", "/usr/bin/python3",
    ]
    let status = try ProcessRun.wait(
      for: ProcessRun.start(command[0], command + arguments, output: log.rawValue))
    return (try TextFile.read(path), status)
  }

  private func faults(_ words: String...) throws -> Result {
    let path = "/var/tmp/\(KernelTest.uniqueName("faults-"))"
    defer { unlink(path) }
    let (output, status) = try run(
      [Self.root + "/bench/faults/main.py", "--short", "--output", path] + words, seconds: 300)
    try #require(status == 0, "\(output)")
    return try JSONDecoder().decode(Result.self, from: Data(TextFile.read(path).utf8))
  }

  @Test func theCheckerFindsWhatIsWrong() throws {
    let (output, status) = try run([Self.root + "/bench/faults/test_checker.py"], seconds: 120)
    #expect(status == 0, "\(output)")
  }

  @Test func whatIsAcknowledgedOutlivesTheLeader() throws {
    let leader = try #require(try faults("--only", "leader").leader)
    #expect(leader.wrong == [])
    #expect(leader.writes > 20)
    #expect(leader.times.values.reduce(0) { $0 + $1.runs } == 5)
  }

  @Test func trafficDoesNotNotice() throws {
    let traffic = try #require(try faults("--only", "traffic").traffic)
    #expect(traffic.wrong == [])
    #expect(traffic.faults.count == 6)
    for (name, row) in traffic.faults {
      #expect(row.lost == 0, "\(name)")
      #expect(row.sent > 100, "\(name)")
    }
  }
}
