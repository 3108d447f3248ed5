import Foundation
import Quantities
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: seeds) func whatIsWrittenIsRead(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let number = random.number(upTo: UInt64(Int64.max))
    try check(Bitrate(bitsPerSecond: number), seed) { text throws(Problem) in try Bitrate(parsing: text) }
    try check(ByteCount(bytes: number), seed) { text throws(Problem) in try ByteCount(parsing: text) }
    try check(Cores(thousandths: number), seed) { text throws(Problem) in try Cores(parsing: text) }
    try check(MACAddress(rawValue: random.next()), seed) { text throws(Problem) in try MACAddress(parsing: text) }
    let v6 = UInt128(random.next() & random.next()) << UInt128(random.next() % 100)
    for address in [IPAddress.v4(UInt32(truncatingIfNeeded: random.next())), .v6(v6)] {
      try check(address, seed) { text throws(Problem) in try IPAddress(parsing: text) }
      let prefix = IPPrefix(address: address, length: .random(in: 0...address.width, using: &random))
      try check(prefix, seed) { text throws(Problem) in try IPPrefix(parsing: text) }
    }
    let members = (0..<Int(random.next() % 40)).compactMap { _ in VLANID(UInt16(random.next() % 60)) }
    try check(VLANSet(members), seed) { text throws(Problem) in try VLANSet(parsing: text) }
    let duration = Duration.nanoseconds(Int64(random.number(upTo: 36525 * 86_400 * 1_000_000_000)))
    #expect(try Duration(parsing: duration.text) == duration, "SEED=\(seed)")
  }

  /// By description and as a JSON string of it.
  private func check<T: Codable & Equatable & CustomStringConvertible>(
    _ value: T, _ seed: UInt64, _ parse: (String) throws(Problem) -> T
  ) throws {
    #expect(try parse(value.description) == value, "SEED=\(seed) \(value)")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let json = try encoder.encode([value])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(value)\"]", "SEED=\(seed)")
    #expect(try JSONDecoder().decode([T].self, from: json) == [value], "SEED=\(seed)")
  }

  @Test func namesAreKeysOfObjects() throws {
    let name = try Name(parsing: "a-1")
    let json = try JSONEncoder().encode([name: 1])
    #expect(String(decoding: json, as: UTF8.self) == #"{"a-1":1}"#)
    #expect(try JSONDecoder().decode([Name: Int].self, from: json) == [name: 1])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Name: Int].self, from: Data(#"{"A":1}"#.utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Name].self, from: Data(#"["A"]"#.utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([VLANID].self, from: Data("[4095]".utf8)) }
  }
}
