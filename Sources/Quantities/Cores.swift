/// An amount of processor: thousandths of one core (`cpu: 0.5` is 500).
public struct Cores: Hashable, Comparable, Codable, Sendable {
  public var thousandths: UInt64
  public init(thousandths: UInt64) { self.thousandths = thousandths }
  public static let zero = Cores(thousandths: 0)
  public static func < (a: Cores, b: Cores) -> Bool { a.thousandths < b.thousandths }
}
