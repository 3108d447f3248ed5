import Algorithms
import Capture

/// Frames that tests make.
enum Frames {
  static func number(_ value: UInt64, _ octets: Int) -> [UInt8] {
    (0..<octets).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (octets - 1 - $0))) }
  }

  /// Destination ff:…:ff is everybody; the source is 02:00:00:00:00:01.
  static func ethernet(_ type: UInt64, _ body: [UInt8], tags: [UInt64] = []) -> [UInt8] {
    let tagged = tags.flatMap { number(0x8100, 2) + number($0, 2) }
    return number(0xffff_ffff_ffff, 6) + number(0x0200_0000_0001, 6) + tagged + number(type, 2) + body
  }

  static func ipv4(
    _ proto: UInt64, _ payload: [UInt8], fragment: UInt64 = 0, from: UInt64 = 0x0a00_0001, to: UInt64 = 0x0a00_0002
  ) -> [UInt8] {
    number(0x4500, 2) + number(UInt64(20 + payload.count), 2) + number(7, 2) + number(fragment, 2)
      + number(64, 1) + number(proto, 1) + number(0, 2) + number(from, 4) + number(to, 4) + payload
  }

  static func ipv6(_ next: UInt64, _ payload: [UInt8]) -> [UInt8] {
    let addresses = number(0xfd00 << 48, 8) + number(1, 8) + number(0xfd00 << 48, 8) + number(2, 8)
    return number(6 << 28, 4) + number(UInt64(payload.count), 2) + number(next, 1) + number(64, 1) + addresses
      + payload
  }

  static func udp(_ source: UInt64, _ destination: UInt64, _ data: [UInt8] = []) -> [UInt8] {
    number(source, 2) + number(destination, 2) + number(UInt64(8 + data.count), 2) + number(0, 2) + data
  }

  static func tcp(_ source: UInt64, _ destination: UInt64, flags: UInt64) -> [UInt8] {
    number(source, 2) + number(destination, 2) + number(1, 4) + number(2, 4) + [0x50] + number(flags, 1)
      + number(1000, 2) + number(0, 4)
  }

  /// A UDP datagram in a frame.
  static func datagram(to port: UInt64, _ data: [UInt8] = Array("hello".utf8)) -> [UInt8] {
    ethernet(0x0800, ipv4(17, udp(4000, port, data)))
  }
}

extension CapturedPacket {
  init(_ bytes: [UInt8], point: Int = 0, time: UInt64 = 0) {
    self.init(point: point, time: time, length: bytes.count, bytes: bytes)
  }
}

extension SplitMix64 {
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}
