extension Duration {
  /// Reads `10ms`, `4h`, `1h30m`, `2d`, `500us`; the parts in falling order, each unit once.
  ///
  /// Throws `bad-quantity`, `bad-unit` or `quantity-out-of-range` (above 100 years).
  public init(parsing text: String) throws(Problem) {
    var rest = Substring(text)
    var total: UInt64 = 0
    var last = UInt64.max
    repeat {
      let number = rest.prefix { $0.asciiDigit != nil || $0 == "." }
      let unit = rest.dropFirst(number.count).prefix { $0.asciiDigit == nil && $0 != "." }
      let part = String(number + unit)
      let name = unit.first == " " ? unit.dropFirst() : unit
      let factor = Self.units.first { $0.isNamed(name) }?.factor
      let value = try Self.units.parse(part, as: "duration", example: "10ms, 4h or 1h30m")
      guard let factor, factor < last else {
        throw Problem(
          .invalid, "bad-quantity", "'\(text.excerpt)' is not a duration: its units do not fall.",
          remedy: "Write larger units first, each once, such as 1h30m.")
      }
      let (sum, overflow) = total.addingReportingOverflow(value)
      guard !overflow, sum <= Self.limit else {
        throw Problem(
          .invalid, "quantity-out-of-range", "'\(text.excerpt)' is more than 100 years.",
          remedy: "Write a shorter duration, such as 4h.")
      }
      total = sum
      last = factor
      rest = rest.dropFirst(number.count + unit.count)
    } while !rest.isEmpty
    self = .nanoseconds(Int64(total))
  }

  /// The shortest text that is exact, to the nanosecond below: `1h30m`, `10ms`; a negative duration is `0s`.
  public var text: String {
    let (seconds, attoseconds) = components
    var rest = UInt128(max(0, seconds)) * 1_000_000_000 + UInt128(max(0, attoseconds / 1_000_000_000))
    var parts = ""
    for unit in Self.units.reversed() where rest >= UInt128(unit.factor) {
      parts += "\(rest / UInt128(unit.factor))\(unit.name)"
      rest %= UInt128(unit.factor)
    }
    return parts.isEmpty ? "0s" : parts
  }

  private static let limit: UInt64 = 36525 * 86400 * 1_000_000_000

  private static let units = [
    Unit(name: "ns", factor: 1), Unit(name: "us", factor: 1000), Unit(name: "ms", factor: 1_000_000),
    Unit(name: "s", factor: 1_000_000_000), Unit(name: "m", factor: 60_000_000_000),
    Unit(name: "h", factor: 3_600_000_000_000), Unit(name: "d", factor: 86_400_000_000_000),
  ]
}
