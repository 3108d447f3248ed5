/// An amount of processor: thousandths of one core (`cpu: 0.5` is 500).
public struct Cores: Hashable, Comparable, Sendable {
  public var thousandths: UInt64

  public init(thousandths: UInt64) { self.thousandths = thousandths }

  /// Reads `2`, `0.25`. Throws `bad-quantity`, `bad-unit` or `quantity-out-of-range`.
  public init(parsing text: String) throws(Problem) {
    thousandths = try [Unit(name: "", factor: 1000)].parse(text, as: "number of cores", example: "0.5")
  }

  public static let zero = Cores(thousandths: 0)

  public static func < (a: Cores, b: Cores) -> Bool { a.thousandths < b.thousandths }
}

extension Cores: CustomStringConvertible, TextCodable {
  /// The shortest text that is exact: `0.5`.
  public var description: String { Decimal.text(thousandths: thousandths) }
}
