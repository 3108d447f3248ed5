/// An IEEE 802.1Q VLAN identifier, `1 ... 4094`.
public struct VLANID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let rawValue: UInt16

  /// Nil outside `1 ... 4094`: 0 means no VLAN, 4095 is reserved (IEEE 802.1Q-2018, table 9-2).
  public init?(_ rawValue: UInt16) {
    guard (1...4094).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  public static func < (a: VLANID, b: VLANID) -> Bool { a.rawValue < b.rawValue }

  public var description: String { "\(rawValue)" }
}

extension VLANID: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = VLANID(try container.decode(UInt16.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no VLAN identifier")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
