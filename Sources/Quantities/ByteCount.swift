/// A number of bytes, `0 ... 2^63 - 1`; SI (`MB`) and binary (`MiB`) prefixes are told apart.
public struct ByteCount: Hashable, Comparable, Sendable {
  public var bytes: UInt64

  public init(bytes: UInt64) { self.bytes = bytes }

  /// Reads `128MiB`, `1GB`. Throws `bad-quantity`, `bad-unit` or `quantity-out-of-range`.
  public init(parsing text: String) throws(Problem) {
    bytes = try Self.units.parse(text, as: "number of bytes", example: "128MiB")
  }

  public static let zero = ByteCount(bytes: 0)

  public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

  private static let units = [
    Unit(name: "B", factor: 1), Unit(name: "kB", factor: 1000), Unit(name: "MB", factor: 1_000_000),
    Unit(name: "GB", factor: 1_000_000_000), Unit(name: "TB", factor: 1_000_000_000_000),
    Unit(name: "KiB", factor: 1 << 10), Unit(name: "MiB", factor: 1 << 20), Unit(name: "GiB", factor: 1 << 30),
    Unit(name: "TiB", factor: 1 << 40),
  ]
}

extension ByteCount: CustomStringConvertible, TextCodable {
  /// The shortest text that is exact: `128MiB`, `1GB`.
  public var description: String {
    let binary = Self.units.text(bytes, among: ["B", "KiB", "MiB", "GiB", "TiB"])
    let decimal = Self.units.text(bytes, among: ["B", "kB", "MB", "GB", "TB"])
    return decimal.utf8.count < binary.utf8.count ? decimal : binary
  }
}
