/// An EUI-48 address; the first octet on the wire is the most significant of the lower 48 bits.
public struct MACAddress: Hashable, Comparable, Codable, Sendable {
  public let rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }
  public static func < (a: MACAddress, b: MACAddress) -> Bool { a.rawValue < b.rawValue }
}
