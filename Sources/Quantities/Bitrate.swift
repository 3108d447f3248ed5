/// A bit rate in bits a second, `0 ... 2^63 - 1`; prefixes are SI (`1Gbit/s` is 10^9 bit/s).
public struct Bitrate: Hashable, Comparable, Codable, Sendable {
  public var bitsPerSecond: UInt64
  public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }
  public static let zero = Bitrate(bitsPerSecond: 0)
  public static func < (a: Bitrate, b: Bitrate) -> Bool { a.bitsPerSecond < b.bitsPerSecond }
}
