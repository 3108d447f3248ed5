/// A number of bytes; SI (`MB`) and binary (`MiB`) prefixes are told apart.
public struct ByteCount: Hashable, Comparable, Codable, Sendable {
  public var bytes: UInt64
  public init(bytes: UInt64) { self.bytes = bytes }
  public static let zero = ByteCount(bytes: 0)
  public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }
}
