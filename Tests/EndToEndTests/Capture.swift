import Foundation
import Glibc
import Testing

/// Frames as tcpdump(8) sees them on one interface, or on all of a namespace.
final class Capture {
  let place: String
  private let process: CommandRun.Running
  private let file: String

  /// Begins to listen; returns once the kernel hands frames over.
  ///
  /// - Parameter namespace: path of the network namespace.
  init(_ place: String, namespace: String, interface: String, folder: String) throws {
    self.place = place
    file = "\(folder)/\(UInt32.random(in: 0...UInt32.max)).pcap"
    // Room for some thousand frames: with the longest of frames its buffer holds 31, and a burst is lost.
    process = try CommandRun.Running([
      "/usr/bin/nsenter", "--net=\(namespace)", "/usr/bin/tcpdump", "-n", "-U", "-s", "2048", "-B", "8192",
      "--immediate-mode",
      "-Z", "root", "-i", interface, "-w", file,
    ])
    let process = process
    try #require(try Wait.until(seconds: 10) { try process.error.contains("listening on") }, "tcpdump on \(place)")
  }

  /// Frames until now, without ending.
  var frames: [[UInt8]] {
    // The file is being written: a record that is not whole yet is left for the next look.
    guard let data = FileManager.default.contents(atPath: file) else { return [] }
    let bytes = [UInt8](data)
    var frames: [[UInt8]] = []
    var at = 24
    while at + 16 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[at + 8 + $1]) << (8 * $1) }
      guard at + 16 + length <= bytes.count else { break }
      frames.append(Array(bytes[at + 16..<at + 16 + length]))
      at += 16 + length
    }
    return frames
  }

  /// True once a frame with this proof has been written.
  func hasSeen(_ proof: String) -> Bool {
    FileManager.default.contents(atPath: file)?.range(of: Data("PROOF-\(proof);".utf8)) != nil
  }

  /// Ends and gives everything that was seen.
  func stop() throws -> [[UInt8]] {
    process.signal(SIGINT)
    _ = try process.wait()
    return frames
  }
}

/// What a frame is, as far as the tests ask.
struct Frame {
  /// VIDs of all 802.1Q and 802.1ad tags, the outermost first.
  var vlans: [Int] = []

  init(_ bytes: [UInt8]) {
    var at = 12
    while at + 4 <= bytes.count, [0x8100, 0x88a8, 0x9100].contains(Int(bytes[at]) << 8 | Int(bytes[at + 1])) {
      vlans.append((Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])) & 0xfff)
      at += 4
    }
  }

  /// The words `PROOF-case;` that a test's frame bears.
  static func proof(in bytes: [UInt8]) -> String? {
    let data = Data(bytes)
    guard let mark = data.range(of: Data("PROOF-".utf8)) else { return nil }
    return String(decoding: data[mark.upperBound...].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
  }
}
