/// An EUI-48 address; the first octet on the wire is the most significant of the lower 48 bits.
public struct MACAddress: Hashable, Comparable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

  public static func < (a: MACAddress, b: MACAddress) -> Bool { a.rawValue < b.rawValue }

  /// The six octets in the order of the wire.
  public var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * UInt64($0))) } }
}

extension MACAddress: CustomStringConvertible, TextCodable {
  /// Reads `02:56:00:01:00:0a`. Throws `bad-mac`.
  public init(parsing text: String) throws(Problem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let octets = parts.compactMap { part in
      // Two ASCII digits, for `UInt8.init` reads "+a", too.
      part.utf8.count == 2 && part.allSatisfy(\.isHexDigit) ? UInt8(part, radix: 16) : nil
    }
    guard octets.count == 6, parts.count == 6 else {
      throw Problem(
        .invalid, "bad-mac", "'\(text.excerpt)' is not a MAC address.",
        remedy: "Write six octets in hexadecimal, such as 02:56:00:01:00:0a.")
    }
    self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }

  public var description: String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}
