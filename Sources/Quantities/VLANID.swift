/// An IEEE 802.1Q VLAN identifier, `1 ... 4094`.
public struct VLANID: Hashable, Comparable, Codable, Sendable {
  public let rawValue: UInt16
  /// Nil outside `1 ... 4094`.
  public init?(_ rawValue: UInt16) {
    guard (1...4094).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }
  public static func < (a: VLANID, b: VLANID) -> Bool { a.rawValue < b.rawValue }
}
