import Quantities

/// Packets as octets: headers with whatever a test wants to say in them.
enum Packet {
  static func arp(
    _ operation: UInt8 = 1, mac: UInt64, sender: String, target: String, lengths: (UInt8, UInt8) = (6, 4)
  ) throws -> [UInt8] {
    [0, 1, 8, 0, lengths.0, lengths.1, 0, operation] + octets(mac, 6) + (try address(sender)) + octets(0, 6)
      + (try address(target))
  }

  /// - Parameters:
  ///   - first: version and header length.
  ///   - options: a multiple of four octets.
  ///   - fragment: flags and offset.
  static func ipv4(
    _ source: String, to destination: String = "10.0.0.200", protocol number: UInt8 = 17, first: UInt8? = nil,
    options: [UInt8] = [], fragment: UInt16 = 0, _ payload: [UInt8]
  ) throws -> [UInt8] {
    let words = UInt8(5 + options.count / 4)
    let length = Int(words) * 4 + payload.count
    return [first ?? (0x40 | words), 0] + octets(UInt64(length), 2) + [0, 7] + octets(UInt64(fragment), 2)
      + [64, number, 0, 0] + (try address(source)) + (try address(destination)) + options + payload
  }

  /// - Parameter length: what the header says; nil is the truth.
  static func ipv6(
    _ source: String, to destination: String = "ff02::1", next: UInt8 = 58, length: Int? = nil, _ payload: [UInt8]
  ) throws -> [UInt8] {
    [0x60, 0, 0, 0] + octets(UInt64(length ?? payload.count), 2) + [next, 255] + (try address(source))
      + (try address(destination)) + payload
  }

  static func udp(_ source: UInt16, _ destination: UInt16) -> [UInt8] {
    octets(UInt64(source), 2) + octets(UInt64(destination), 2) + [0, 16, 0, 0] + [UInt8](repeating: 0xa5, count: 8)
  }

  /// ICMPv6: a message with a target, or eight octets where there is none.
  static func icmp6(_ type: UInt8, target: String? = nil) throws -> [UInt8] {
    [type, 0, 0, 0, 0, 0, 0, 0] + (try target.map(address) ?? [])
  }

  /// An extension header of `8 + 8 * more` octets: hop-by-hop, destination options, routing.
  static func extended(next: UInt8, more: UInt8 = 0, _ rest: [UInt8]) -> [UInt8] {
    [next, more, 1, UInt8(4 + 8 * Int(more))] + [UInt8](repeating: 0, count: 4 + 8 * Int(more)) + rest
  }

  /// A fragment header; `offset` in units of eight octets.
  static func fragmented(next: UInt8, offset: UInt16, isLast: Bool, _ rest: [UInt8]) -> [UInt8] {
    [next, 0] + octets(UInt64(offset << 3 | (isLast ? 0 : 1)), 2) + [0, 0, 0, 9] + rest
  }

  static func address(_ text: String) throws -> [UInt8] {
    switch try IPAddress(parsing: text) {
    case .v4(let number): octets(UInt64(number), 4)
    case .v6(let number): octets(UInt64(number >> 64), 8) + octets(UInt64(truncatingIfNeeded: number), 8)
    }
  }

  private static func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }
}
