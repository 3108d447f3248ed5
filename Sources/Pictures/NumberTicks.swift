/// Where an axis of numbers has its marks: at 1, 2 or 5 times a power of ten.
struct NumberTicks {
  let step: Double
  /// Rising; the first at most the lowest value, the last at least the highest.
  let values: [Double]

  /// About `count` marks around `low ... high`, which are finite.
  init(from low: Double, to high: Double, count: Int) {
    let (low, high) = high > low ? (low, high) : (low - Self.margin(low), low + Self.margin(low))
    let wanted = (high - low) / Double(max(1, count))
    var power = 1.0
    while power > wanted { power /= 10 }
    while power * 10 <= wanted { power *= 10 }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= wanted * 0.999 } ?? power * 10
    self.step = step
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    values = stride(from: first, through: last, by: 1).prefix(1000).map { $0 * step }
  }

  private static func margin(_ value: Double) -> Double { value == 0 ? 1 : value.magnitude / 2 }

  /// With the digits that the step needs, and `k`, `M`, `G`, `T` for thousands and so on.
  func label(_ value: Double) -> String {
    let largest = values.map(\.magnitude).max() ?? 0
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")]
    let unit = units.first { largest >= $0.0 }
    let factor = unit.map { $0.1 == "k" ? 1000 : $0.0 } ?? 1
    let magnitude = largest / factor
    guard magnitude < 1e6, step / factor >= 1e-5 else { return value == 0 ? "0" : "\(Float(value))" }
    var digits = 0
    var part = step / factor
    while part < 0.999, digits < 6 {
      part *= 10
      digits += 1
    }
    let text = Self.fixed(value / factor, digits)
    return value == 0 ? "0" : text + (unit?.1 ?? "")
  }

  /// With that many digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let number = Int64((value.magnitude * scale).rounded())
    let sign = value < 0 && number > 0 ? "−" : ""
    let whole = number / Int64(scale)
    guard digits > 0 else { return "\(sign)\(whole)" }
    let rest = String(number % Int64(scale))
    return "\(sign)\(whole).\(String(repeating: "0", count: digits - rest.count))\(rest)"
  }
}
