/// A bit rate in bits a second, `0 ... 2^63 - 1`; `k`, `M`, `G`, `T` are SI prefixes, `Ki` and so on binary.
public struct Bitrate: Hashable, Comparable, Sendable {
  public var bitsPerSecond: UInt64

  public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }

  /// Reads `100Mbit/s`, `2.5Gbit/s`. Throws `bad-quantity`, `bad-unit` or `quantity-out-of-range`.
  public init(parsing text: String) throws(Problem) {
    bitsPerSecond = try Self.units.parse(text, as: "bit rate", example: "100Mbit/s")
  }

  public static let zero = Bitrate(bitsPerSecond: 0)

  public static func < (a: Bitrate, b: Bitrate) -> Bool { a.bitsPerSecond < b.bitsPerSecond }

  private static let units = [
    Unit(name: "bit/s", factor: 1), Unit(name: "kbit/s", factor: 1000), Unit(name: "Mbit/s", factor: 1_000_000),
    Unit(name: "Gbit/s", factor: 1_000_000_000), Unit(name: "Tbit/s", factor: 1_000_000_000_000),
    Unit(name: "Kibit/s", factor: 1 << 10), Unit(name: "Mibit/s", factor: 1 << 20),
    Unit(name: "Gibit/s", factor: 1 << 30),
  ]
}

extension Bitrate: CustomStringConvertible, TextCodable {
  /// The shortest text that is exact: `2500Mbit/s`.
  public var description: String {
    Self.units.text(bitsPerSecond, among: ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"])
  }
}
