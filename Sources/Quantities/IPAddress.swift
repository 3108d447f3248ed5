/// An IPv4 or IPv6 address as a number in host byte order.
public enum IPAddress: Hashable, Comparable, Sendable {
  case v4(UInt32)
  case v6(UInt128)

  /// 32 or 128.
  public var width: Int {
    switch self {
    case .v4: 32
    case .v6: 128
    }
  }

  /// 4 or 6.
  public var version: Int { width == 32 ? 4 : 6 }

  /// The address as a number, whatever the family.
  public var number: UInt128 {
    switch self {
    case .v4(let number): UInt128(number)
    case .v6(let number): number
    }
  }

  /// The address of the same family with this number; the upper bits are cut.
  public func with(number: UInt128) -> IPAddress {
    switch self {
    case .v4: .v4(UInt32(truncatingIfNeeded: number))
    case .v6: .v6(number)
    }
  }

  /// The address `distance` further on; it wraps around.
  public func advanced(by distance: UInt128) -> IPAddress { with(number: number &+ distance) }
}

extension IPAddress: CustomStringConvertible, TextCodable {
  /// Reads `10.1.0.7` (four decimal octets, no leading zeros) or an IPv6 address (RFC 4291 section 2.2).
  /// Throws `bad-address`.
  public init(parsing text: String) throws(Problem) {
    guard let address = text.contains(":") ? Self.parseV6(text) : Self.parseV4(Substring(text)).map(IPAddress.v4)
    else {
      throw Problem(
        .invalid, "bad-address", "'\(text.excerpt)' is not an IP address.",
        remedy: "Write one such as 10.1.0.7 or fd00:1::7.")
    }
    self = address
  }

  private static func parseV4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let octets = parts.compactMap { part -> UInt32? in
      guard (1...3).contains(part.utf8.count), part.allSatisfy({ $0.asciiDigit != nil }),
        part.utf8.count == 1 || part.first != "0"
      else { return nil }
      return UInt8(part).map(UInt32.init)
    }
    return parts.count == 4 && octets.count == 4 ? octets.reduce(0) { $0 << 8 | $1 } : nil
  }

  private static func parseV6(_ text: String) -> IPAddress? {
    var groups: [UInt16] = []
    var gap: Int?
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
    guard (3...9).contains(parts.count) else { return nil }
    // A `::` at an end gives one empty part more than one in the middle.
    if parts.first?.isEmpty == true { parts = parts.dropFirst() }
    if parts.last?.isEmpty == true, parts.count > 1 { parts = parts.dropLast() }
    if text.hasPrefix(":"), !text.hasPrefix("::") { return nil }
    if text.hasSuffix(":"), !text.hasSuffix("::") { return nil }
    for part in parts {
      if part.isEmpty {
        guard gap == nil else { return nil }
        gap = groups.count
      } else if part.contains(".") {
        guard part.endIndex == text.endIndex, let v4 = parseV4(part) else { return nil }
        groups += [UInt16(v4 >> 16), UInt16(v4 & 0xffff)]
      } else {
        guard part.utf8.count <= 4, part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    return groups.count == 8 ? .v6(groups.reduce(0) { $0 << 16 | UInt128($1) }) : nil
  }

  /// Dotted decimal, or the canonical text of RFC 5952: a mapped IPv4 address (`::ffff:10.1.0.7`) is the only
  /// mixed one (section 5).
  public var description: String {
    switch self {
    case .v4(let number): (0..<4).map { "\(number >> (24 - 8 * UInt32($0)) & 255)" }.joined(separator: ".")
    case .v6(let number) where number >> 32 == 0xffff: "::ffff:\(IPAddress.v4(UInt32(truncatingIfNeeded: number)))"
    case .v6(let number): Self.text(number)
    }
  }

  private static func text(_ number: UInt128) -> String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: number >> (112 - 16 * UInt128($0))) }
    var best = 0..<0
    var index = 0
    while index < 8 {
      let end = groups[index...].firstIndex { $0 != 0 } ?? 8
      if end - index > max(1, best.count) { best = index..<end }
      index = max(end, index + 1)
    }
    func hex(_ range: Range<Int>) -> String { range.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
    return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
  }
}
