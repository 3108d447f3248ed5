/// An exact decimal number with a unit, such as `2.5Gbit/s`, as a person writes it.
///
/// Digits with at most one point, then, after at most one space, the unit. No sign, no exponent: what a
/// quantity cannot be cannot be written.
struct Decimal {
  /// Value times 10 to the power of `places`.
  var digits: UInt128
  var places: Int
  var unit: Substring

  /// Nil where the text does not begin with such a number, or has more than 30 digits.
  init?(_ text: String) {
    var digits: UInt128 = 0
    var places = 0
    var count = 0
    var seenPoint = false
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if character == ".", !seenPoint, count > 0 {
        seenPoint = true
      } else if let digit = character.asciiDigit {
        digits = digits * 10 + UInt128(digit)
        count += 1
        if seenPoint { places += 1 }
      } else {
        break
      }
      guard count <= 30 else { return nil }
      index = text.index(after: index)
    }
    guard count > 0, !seenPoint || places > 0 else { return nil }
    if index < text.endIndex, text[index] == " " { index = text.index(after: index) }
    self.digits = digits
    self.places = places
    unit = text[index...]
  }

  /// The number times `factor` as a whole number; nil where it is not whole, or does not fit into 63 bits.
  func scaled(by factor: UInt64) -> UInt64? {
    let (product, overflow) = digits.multipliedReportingOverflow(by: UInt128(factor))
    guard !overflow else { return nil }
    let divisor = (0..<places).reduce(UInt128(1)) { power, _ in power * 10 }
    guard product % divisor == 0, product / divisor <= UInt128(Int64.max) else { return nil }
    return UInt64(product / divisor)
  }

  /// The shortest text for `value` thousandths, such as `0.5`.
  static func text(thousandths value: UInt64) -> String {
    let rest = value % 1000
    guard rest > 0 else { return "\(value / 1000)" }
    var fraction = String(String(1000 + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    return "\(value / 1000).\(fraction)"
  }
}

extension Character {
  /// 0 to 9 for an ASCII digit.
  var asciiDigit: UInt8? {
    guard let value = asciiValue, (48...57).contains(value) else { return nil }
    return value - 48
  }
}

/// A unit's name and how many of the base unit it is.
struct Unit {
  var name: String
  var factor: UInt64
}

extension Array where Element == Unit {
  /// Reads `text` in one of these units.
  func parse(_ text: String, as kind: String, example: String) throws(Problem) -> UInt64 {
    guard let number = Decimal(text) else {
      throw Problem(
        .invalid, "bad-quantity", "'\(text.excerpt)' is not a \(kind): it does not begin with a plain number.",
        remedy: "Write a number and a unit, such as \(example).")
    }
    guard let unit = first(where: { $0.name == number.unit }) else {
      let found = number.unit.isEmpty ? "it has no unit" : "'\(String(number.unit).excerpt)' is no unit of it"
      throw Problem(
        .invalid, "bad-unit", "'\(text.excerpt)' is not a \(kind): \(found).",
        remedy: "Use one of \(map(\.name).joined(separator: ", ")), as in \(example).")
    }
    guard let value = number.scaled(by: unit.factor) else {
      throw Problem(
        .invalid, "quantity-out-of-range",
        "'\(text.excerpt)' is too large, or too fine, for a \(kind).",
        remedy: "Write a whole number of the smallest unit (\(self[0].name)), below 2^63 of it.")
    }
    return value
  }

  /// The shortest text: the largest unit of those with `isPreferred` that divides `value`.
  func text(_ value: UInt64, among preferred: [String]) -> String {
    let units = filter { preferred.contains($0.name) }.sorted { $0.factor > $1.factor }
    let unit = value == 0 ? units.last : units.first { value % $0.factor == 0 }
    guard let unit else { return "\(value)\(self[0].name)" }
    return "\(value / unit.factor)\(unit.name)"
  }
}

extension String {
  /// At most 60 characters of it, for messages.
  public var excerpt: String { count > 60 ? prefix(60) + "…" : self }
}
